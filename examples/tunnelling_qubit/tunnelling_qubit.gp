# gnuplot -c tunnelling_qubit.gp TERMINAL PICTURE CURRENT JUMP
# Two panels: lines from four_levels.py, circles from lindwurm.
set encoding utf8
terminal = ARG1
picture = ARG2
current = ARG3
jump = ARG4

if (terminal eq "svg") {
  key_font = "DejaVu Sans,12"
  set terminal svg size 1000,480 font "DejaVu Sans,14" enhanced background "white"
} else {
  key_font = "DejaVu Sans,23"
  set terminal pngcairo size 2000,960 font "DejaVu Sans,27" enhanced linewidth 2 pointscale 2
}
set output picture
set datafile separator ","
set datafile missing NaN

blue = "#0072B2"; orange = "#D55E00"; green = "#009E73"; grey = "#777777"
line(c) = strcol(1) ne "lindwurm" ? column(c) : NaN
point(c) = strcol(1) eq "lindwurm" ? column(c) : NaN

set style line 1 linewidth 1.4
set style line 4 linewidth 1.1 pointtype 6 pointsize 0.95
set border linewidth 0.7
set tics scale 0.8
set logscale x
set format x "10^{%L}"
set format y "%.1f"
set key samplen 2.5 spacing 1.15 font key_font Left reverse

set multiplot layout 1,2 margins 0.075,0.98,0.145,0.905 spacing 0.1

set title "(a)  heat current"
set xlabel "Ω / ω_S" offset 0,0.3
set ylabel "{/:Italic J} / {/:Italic J}_{secular} of (140)" offset 0.3,0
set xrange [1e-4:0.4]
set yrange [0:1.15]
set ytics 0.2
set key at graph 0.03,0.8 left top
plot current using 2:(line(3)) with lines linestyle 1 linecolor rgb blue title "secular", \
     current using 2:(line(4)) with lines linestyle 1 linecolor rgb orange title "partial secular", \
     current using 2:(line(5)) with lines linestyle 1 linecolor rgb grey dashtype (4,6) title "(145)", \
     current using 2:(point(3)) with points linestyle 4 linecolor rgb blue notitle, \
     current using 2:(point(4)) with points linestyle 4 linecolor rgb orange notitle

set title "(b)  well after an emission, coarse-grained"
set xlabel "Δ{/:Italic t}  (units of 1/ω_S)"
set ylabel "probability of the left well" offset 0.3,0
set xrange [3:3000]
set yrange [0:1]
set arrow 1 from 100,0 to 100,1 nohead linecolor rgb grey linewidth 0.7 dashtype (2,4)
set label 1 "1/Ω" at 115,0.05 textcolor rgb grey
set key at graph 0.01,0.6 left top samplen 1.5
plot jump using 2:(line(3)) with lines linestyle 1 linecolor rgb blue title "into the left bath", \
     jump using 2:(line(4)) with lines linestyle 1 linecolor rgb orange title "into the right bath", \
     jump using 2:(point(3)) with points linestyle 4 linecolor rgb blue notitle, \
     jump using 2:(point(4)) with points linestyle 4 linecolor rgb orange notitle

unset multiplot
