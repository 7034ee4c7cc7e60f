# gnuplot -c finite_spin_bath.gp TERMINAL PICTURE CORRELATION EVOLUTION MEASURED
# N spins, infinitely many, and the Born-Markov equation.
set encoding utf8
terminal = ARG1
picture = ARG2
correlation = ARG3
evolution = ARG4
measured = ARG5

if (terminal eq "svg") {
  key_font = "DejaVu Sans,12"
  set terminal svg size 1400,800 font "DejaVu Sans,14" enhanced background "white"
} else {
  key_font = "DejaVu Sans,23"
  set terminal pngcairo size 2800,1600 font "DejaVu Sans,27" enhanced linewidth 2 pointscale 2
}
set output picture
set datafile separator ","
set datafile missing "nan"

array count[5] = [4, 8, 12, 16, 20]
array colour[5] = ["#F2A900", "#E5562A", "#B3307F", "#5A3FA0", "#0A4FA3"]
limit = "#BDBDBD"
of(source, case, c) = (strcol(1) eq source && strcol(2) eq case) ? column(c) : NaN
of_n(n, case, c) = of(sprintf("%d", n), case, c)
c_of(source) = strcol(1) eq source ? sqrt(column(3)**2 + column(4)**2)/0.08 : NaN
is(quantity, case) = strcol(1) eq quantity && strcol(2) eq case

set style line 1 linewidth 1.5
set style line 2 linewidth 6 linecolor rgb limit
set style line 3 linewidth 1.6 dashtype (6, 4) linecolor rgb "black"
set border linewidth 0.7
set tics scale 0.8
set mxtics 2
set grid linewidth 0.4 linecolor rgb "#E4E4E4"
set key samplen 2.2 spacing 1.12 font key_font Left reverse
set style fill transparent solid 0.25 noborder

set multiplot layout 2,3 margins 0.058,0.985,0.08,0.948 spacing 0.07,0.145

set xrange [0:40]
set xtics 10
set xlabel "{/:Italic t}  (units of 1/ω_0)" offset 0,0.4

set title "(a)  memory of the bath, {/:Italic T} = 0" offset 0,-0.4
set ylabel "|{/:Italic C}({/:Italic t})| / {/:Italic C}(0)" offset 1.8,0
set yrange [0:1.45]
set ytics 0.5
set label 1 "2π/dω" at 4*pi,1.08 center textcolor rgb colour[1] font key_font
set label 2 "4π/dω" at 8*pi,1.08 center textcolor rgb colour[1] font key_font
set key at graph 0.985,0.985 right top maxrows 2
plot correlation using 2:(c_of("continuum")) with lines linestyle 2 title "continuum", \
     correlation using 2:(c_of("4")) with lines linestyle 1 linecolor rgb colour[1] title "{/:Italic N} = 4", \
     correlation using 2:(c_of("8")) with lines linestyle 1 linecolor rgb colour[2] title "{/:Italic N} = 8", \
     correlation using 2:(c_of("16")) with lines linestyle 1 linecolor rgb colour[4] title "{/:Italic N} = 16"
unset label 1
unset label 2

set title "(b)  {/:Italic T} = 0, from one quantum"
set ylabel "⟨{/:Italic n}⟩" offset 1.2,0
set yrange [0:1.09]
do for [k=1:3] { set arrow k from pi*count[k],0 to pi*count[k],1.09 nohead linewidth 0.8 dashtype (3,3) linecolor rgb colour[k] back }
set label 3 "2π/dω" at pi*4+0.6,1.015 left textcolor rgb "#555555" font key_font
unset key
plot evolution using 3:(of("oscillators", "cold", 4)) with lines linestyle 2, \
     for [k=1:5] evolution using 3:(of_n(count[k], "cold", 4)) with lines linestyle 1 linecolor rgb colour[k], \
     evolution using 3:(of("redfield", "cold", 4)) with lines linestyle 3
unset arrow 1; unset arrow 2; unset arrow 3
unset label 3

set title "(c)  the same rate, a tenth of the band"
set label 4 "{/:Italic N} = 4, 8, 12\nand ∞ agree" at 15.2,0.5 font key_font textcolor rgb "#555555"
set label 5 "the quantum\ncomes back" at 28.8,0.29 font key_font textcolor rgb "#555555"
set key at graph 0.985,0.985 right top maxrows 7
plot evolution using 3:(of("oscillators", "narrow", 4)) with lines linestyle 2 notitle, \
     for [k=1:3] evolution using 3:(of_n(count[k], "narrow", 4)) with lines linestyle 1 linecolor rgb colour[k] notitle, \
     evolution using 3:(of("redfield", "narrow", 4)) with lines linestyle 3 notitle, \
     for [k=1:5] NaN with lines linestyle 1 linecolor rgb colour[k] title sprintf("{/:Italic N} = %d", count[k]), \
     NaN with lines linestyle 2 title "{/:Italic N} = ∞", \
     NaN with lines linestyle 3 title "Born-Markov"
unset key
unset label 4
unset label 5

set title "(d)  {/:Italic T} = ω_0/2, from a coherent state"
plot evolution using 3:(of("oscillators", "warm", 4)) with lines linestyle 2, \
     for [k=1:5] evolution using 3:(of_n(count[k], "warm", 4) - column(5)):(column(4) + column(5)) with filledcurves fillcolor rgb colour[k], \
     for [k=1:5] evolution using 3:(of_n(count[k], "warm", 4)) with lines linestyle 1 linecolor rgb colour[k], \
     evolution using 3:(of("redfield", "warm", 4)) with lines linestyle 3

set title "(e)  its purity"
set ylabel "tr ρ^2" offset 1.2,0
set yrange [0.4:1.02]
set ytics 0.2
plot evolution using 3:(of("oscillators", "warm", 8)) with lines linestyle 2, \
     for [k=1:5] evolution using 3:(of_n(count[k], "warm", 8)) with lines linestyle 1 linecolor rgb colour[k], \
     evolution using 3:(of("redfield", "warm", 8)) with lines linestyle 3

set title "(f)  distance from infinitely many spins"
set xlabel "{/:Italic N}" offset 0,0.4
set ylabel "mean |Δ⟨{/:Italic n}⟩|" offset 1,0
set logscale xy
set xrange [3.5:24]
set xtics (4, 8, 12, 16, 20)
unset mxtics
set yrange [1.3e-3:1]
set ytics auto
set format y "10^{%L}"
warm = "#333333"; cold = "#2A8FBD"
stats measured using (is("distance of redfield", "cold") ? column(4) : NaN) nooutput name "C"
stats measured using (is("distance of redfield", "warm") ? column(4) : NaN) nooutput name "W"
unset key
set label 6 "Born-Markov, (b)" at 3.7,C_max*1.28 left textcolor rgb cold font key_font
set label 7 "Born-Markov, (d)" at 3.7,W_max*0.78 left textcolor rgb warm font key_font
set label 8 "(d), {/:Italic t} = 10 to 30: as 3/{/:Italic N}" at 23,0.55 right textcolor rgb warm font key_font
set label 9 "(b), {/:Italic t} = 0 to 10" at 23,0.0085 right textcolor rgb cold font key_font
plot 3/x with lines linewidth 0.9 dashtype (2,4) linecolor rgb warm, \
     C_max with lines linestyle 3 linecolor rgb cold, \
     W_max with lines linestyle 3 linecolor rgb warm, \
     measured using 3:(is("distance", "warm") ? column(4) : NaN):5 with yerrorbars pointtype 7 pointsize 0.9 linecolor rgb warm, \
     measured using 3:(is("distance", "cold") ? column(4) : NaN) with points pointtype 5 pointsize 0.9 linecolor rgb cold

unset multiplot
