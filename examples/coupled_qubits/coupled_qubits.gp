# gnuplot -c coupled_qubits.gp TERMINAL PICTURE RATES EQUILIBRIUM CURRENT
# Three panels: lines from the closed formulas and four_levels.py, circles from lindwurm.
set encoding utf8
terminal = ARG1
picture = ARG2
rates = ARG3
equilibrium = ARG4
current = ARG5

if (terminal eq "svg") {
  key_font = "DejaVu Sans,11"
  set terminal svg size 1000,860 font "DejaVu Sans,13" enhanced background "white"
} else {
  key_font = "DejaVu Sans,21"
  set terminal pngcairo size 2000,1720 font "DejaVu Sans,25" enhanced linewidth 2 pointscale 2
}
set output picture
set datafile separator ","
set datafile missing NaN

blue = "#0072B2"; orange = "#D55E00"; green = "#009E73"; purple = "#CC79A7"; sky = "#56B4E9"
grey = "#777777"
line(c) = strcol(1) ne "lindwurm" ? column(c) : NaN
point(c) = strcol(1) eq "lindwurm" ? column(c) : NaN

set style line 1 linewidth 1.4
set style line 4 linewidth 1.1 pointtype 6 pointsize 0.9
set border linewidth 0.7
set tics scale 0.8
set logscale x
set format x "10^{%L}"
set key samplen 2.5 spacing 1.15 font key_font

set multiplot

# The parameters of coupled_qubits.py.
Omega = 0.005; T = 0.5
n(w) = 1/(exp(w/T) - 1)
cutoff = 10
rate(w) = w*exp((1 - w)/cutoff)*(n(w) + 1)

set lmargin at screen 0.085; set rmargin at screen 0.485
set bmargin at screen 0.60; set tmargin at screen 0.95
set title "(a)  coefficients (45)"
set xlabel "Δ{/:Italic t}  (units of 1/ω_S)" offset 0,0.3
set ylabel "|γ_{mn}(Δ{/:Italic t})| / γ" offset 1,0
set logscale y
set format y "10^{%L}"
set xrange [0.01:3000]
set yrange [0.01:10]
set arrow 1 from 1,0.01 to 1,10 nohead linecolor rgb grey linewidth 0.7 dashtype (2,4)
set arrow 2 from 1/Omega,0.01 to 1/Omega,10 nohead linecolor rgb grey linewidth 0.7 dashtype (2,4)
set label 1 "1/ω_S" at 1.25,5.5 textcolor rgb grey
set label 2 "1/Ω" at 1.25/Omega,5.5 textcolor rgb grey
set key bottom left Left reverse
plot rate(1) with lines linewidth 0.8 linecolor rgb grey dashtype (9,6) title "limit (49)", \
     rates using 2:(line(3)) with lines linestyle 1 linecolor rgb blue title "γ_{-2,-2}", \
     rates using 2:(line(4)) with lines linestyle 1 linecolor rgb orange title "γ_{-2,-1}", \
     rates using 2:(line(5)) with lines linestyle 1 linecolor rgb green title "γ_{-1,1}", \
     rates using 2:(point(3)) with points linestyle 4 linecolor rgb blue notitle, \
     rates using 2:(point(4)) with points linestyle 4 linecolor rgb orange notitle, \
     rates using 2:(point(5)) with points linestyle 4 linecolor rgb green notitle
unset arrow
unset label

set lmargin at screen 0.58; set rmargin at screen 0.97
set title "(b)  one bath, partial secular"
set xlabel "γ / ω_S"
set ylabel "distance from the Gibbs state"
set xrange [1e-4:0.1]
set yrange [1e-8:1e-1]
set key top left
array value[3] = [0.003, 0.03, 0.3]
array colour[3] = [blue, orange, green]
plot for [k=1:3] equilibrium using 3:(abs(column(2)/value[k] - 1) < 0.01 ? line(4) : NaN) \
       with lines linestyle 1 linecolor rgb colour[k] title sprintf("Ω = %g ω_S", value[k]), \
     for [k=1:3] equilibrium using 3:(abs(column(2)/value[k] - 1) < 0.01 ? point(4) : NaN) \
       with points linestyle 4 linecolor rgb colour[k] notitle

set lmargin at screen 0.085; set rmargin at screen 0.97
set bmargin at screen 0.085; set tmargin at screen 0.48
set title "(c)  heat current between two baths (Δ{/:Italic t} in units of 1/ω_S)"
set xlabel "Ω / ω_S"
set ylabel "{/:Italic J} / {/:Italic J}_{sec} of (115)" offset 1,0
unset logscale y
set format y "%.1f"
set xrange [1e-4:0.4]
set yrange [0:1.15]
set ytics 0.2
set key bottom right Left reverse
plot current using 2:(line(3)) with lines linestyle 1 linecolor rgb blue title "secular", \
     current using 2:(line(4)) with lines linewidth 2.6 linecolor rgb orange title "partial secular", \
     current using 2:(line(5)) with lines linestyle 1 linecolor rgb "black" dashtype (4,6) title "local", \
     current using 2:(line(6)) with lines linestyle 1 linecolor rgb purple dashtype (9,3) title "Δ{/:Italic t} = 5", \
     current using 2:(line(7)) with lines linestyle 1 linecolor rgb purple title "Δ{/:Italic t} = 200", \
     current using 2:(line(8)) with lines linestyle 1 linecolor rgb sky title "Δ{/:Italic t} = 2000", \
     current using 2:(line(9)) with lines linewidth 1.4 linecolor rgb grey dashtype (2,4) title "(118) as printed", \
     current using 2:(point(3)) with points linestyle 4 linecolor rgb blue notitle, \
     current using 2:(point(4)) with points linestyle 4 linecolor rgb orange notitle, \
     current using 2:(point(5)) with points linestyle 4 linecolor rgb "black" notitle, \
     current using 2:(point(6)) with points linestyle 4 linecolor rgb purple notitle, \
     current using 2:(point(7)) with points linestyle 4 linecolor rgb purple notitle, \
     current using 2:(point(8)) with points linestyle 4 linecolor rgb sky notitle

unset multiplot
