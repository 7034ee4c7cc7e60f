# gnuplot -c figure.gp TERMINAL PICTURE TABLE
# T2/(2 T1) against the coupling and against the splitting, from the columns of figure.csv.
set encoding utf8
terminal = ARG1
picture = ARG2
table = ARG3

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

second = "#999999"; fourth = "#0072B2"; exact = "#D55E00"
kind(name, c) = strcol(1) eq name ? column(c) : NaN
exact_at_splitting(c) = strcol(1) eq "exact" && abs(column(2) - 0.9) < 1e-9 ? column(c) : NaN
exact_at_coupling(c) = strcol(1) eq "exact" && abs(column(3) - 0.004) < 1e-9 ? column(c) : NaN

set border linewidth 0.7
set tics scale 0.8
set ylabel "{/:Italic T}_2 / 2 {/:Italic T}_1" offset 0.5,0
set key top left Left reverse samplen 3 spacing 1.1 font key_font
set multiplot layout 1,2 margins 0.075,0.98,0.145,0.905 spacing 0.1

set title "(a)  {/:Italic ω}_0 = 0.9"
set xlabel "coupling {/:Italic g}^2" offset 0,0.3
set xrange [0:0.031]
set yrange [0.98:1.16]
plot 1 with lines linewidth 1.3 dashtype (9, 6) linecolor rgb second title "second order", \
     table using (kind("coupling", 3)):4 with lines linewidth 1.5 linecolor rgb fourth title "fourth order", \
     table using (exact_at_splitting(3)):4 with points pointtype 6 linewidth 1.1 linecolor rgb exact title "exact (hierarchy)"

set title "(b)  {/:Italic g}^2 = 0.004"
set xlabel "splitting {/:Italic ω}_0" offset 0,0.3
set xrange [0.2:3.1]
set yrange [0.92:1.07]
unset key
set arrow 1 from 1.2,0.92 to 1.2,1.07 nohead dashtype (2, 4) linecolor rgb second
set label 1 "mode" at 1.24,1.063 textcolor rgb second font key_font
plot 1 with lines linewidth 1.3 dashtype (9, 6) linecolor rgb second notitle, \
     table using (kind("splitting", 2)):4 with lines linewidth 1.5 linecolor rgb fourth notitle, \
     table using (exact_at_coupling(2)):4 with points pointtype 6 linewidth 1.1 linecolor rgb exact notitle
unset multiplot
