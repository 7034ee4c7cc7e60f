# gnuplot -c qubit_boson_field.gp TERMINAL PICTURE VACUUM LORENTZIAN THERMAL VACUUM_MODES THERMAL_MODES
# A qubit in an empty field, in a narrow one, and in a thermal one.
set encoding utf8
terminal = ARG1
picture = ARG2
vacuum = ARG3
lorentzian = ARG4
thermal = ARG5
vacuum_modes = ARG6
thermal_modes = ARG7

if (terminal eq "svg") {
  key_font = "DejaVu Sans,12"
  set terminal svg size 1400,800 font "DejaVu Sans,14" enhanced background "white"
} else {
  key_font = "DejaVu Sans,23"
  set terminal pngcairo size 2800,1600 font "DejaVu Sans,27" enhanced linewidth 2 pointscale 2
}
set output picture
set datafile separator ","

array count[3] = [10, 20, 40]
array colour[3] = ["#F2A900", "#E5562A", "#5A3FA0"]
limit = "#BDBDBD"
of(source, c) = strcol(1) eq source ? column(c) : NaN
pi_h = pi/0.4
down = 0.0821407467
up = 0.0067425231

set style line 1 linewidth 1.5
set style line 2 linewidth 6 linecolor rgb limit
set style line 3 linewidth 1.6 dashtype (6, 4) linecolor rgb "black"
set border linewidth 0.7
set tics scale 0.8
set mxtics 2
set key samplen 2.2 spacing 1.12 font key_font Left reverse
set errorbars 0

set multiplot layout 2,3 margins 0.05,0.945,0.08,0.948 spacing 0.097,0.145
set xlabel "{/:Italic t}  (units of 1/ω_0)" offset 0,0.4

set title "(a)  empty field, {/:Italic K} modes" offset 0,-0.4
set xrange [0:200]
set xtics 50
set ylabel "{/:Italic a} = {/:Italic P}(up)" offset 1.8,0
set yrange [0:1.5]
set ytics 0.5
do for [k=1:2] { set arrow k from pi_h*count[k],0 to pi_h*count[k],1 nohead linewidth 0.8 dashtype (3,3) linecolor rgb colour[k] back }
set label 1 "2π/dω" at pi_h*10,1.05 center textcolor rgb "#555555" font key_font
set key at graph 0.985,0.985 right top maxrows 3
plot vacuum using 2:(of("continuum", 3)) with lines linestyle 2 title "Volterra", \
     for [k=1:3] vacuum using 2:(of(sprintf("%d", count[k]), 3)) with lines linestyle 1 linecolor rgb colour[k] title sprintf("{/:Italic K} = %d", count[k]), \
     exp(-2*pi*0.02*x) with lines linestyle 3 title "Born-Markov"
unset label 1
do for [k=1:2] { unset arrow k }
unset key

set title "(b)  where the quantum is, {/:Italic K} = 40"
set xrange [0:400]
set xtics 100
set ylabel "ω/ω_0" offset 1.6,0
set yrange [0.6:1.4]
set ytics 0.2
set cbtics scale 0.6
set cblabel "{/:Italic n}_k / dω" offset -1.6,0
set cbrange [0:6]
set palette defined (0 "#FFFFFF", 0.15 "#FBE3A8", 0.4 "#F2A900", 0.7 "#E5562A", 1 "#5A1F50")
set cbtics 2
plot vacuum_modes every ::1 using 1:2:4 with image

set title "(c)  narrow Lorentzian: map lost and found"
set xrange [0:160]
set xtics 40
set ylabel "{/:Italic D}" offset 1.2,0
set logscale y
set yrange [1e-6:100]
set format y "10^{%L}"
set ytics ("10^{-6}" 1e-6, "10^{-4}" 1e-4, "10^{-2}" 1e-2, "1" 1)
unset mytics
set y2range [-1:3.2]
set y2tics -1,1,2 offset -0.5,0
set y2label "γ_↓ / γ_0" offset -1.6,0
set ytics nomirror
unset key
set label 4 "{/:Italic D}" at 30,0.6 left textcolor rgb "#5A3FA0"
set label 5 "γ_↓" at 5,graph 0.9 left textcolor rgb "#E5562A"
set style textbox opaque noborder fillcolor rgb "white" margins 0.3,0.3
set label 6 "grey: closed form" at 61,25 left boxed front font key_font textcolor rgb "#777777"
d = sqrt(2*0.5*0.05 - 0.05**2)
do for [n=1:5] { set arrow n from 2/d*(n*pi - atan(d/0.05)),graph 0 to 2/d*(n*pi - atan(d/0.05)),graph 0.8 nohead linewidth 0.8 dashtype (3,3) linecolor rgb "#999999" back }
plot lorentzian using 1:3 with lines linestyle 2 notitle, \
     lorentzian using 1:($2 > 1e-12 ? $2 : 1e-12) with lines linestyle 1 linecolor rgb "#5A3FA0" notitle, \
     lorentzian using 1:($4/0.5) axes x1y2 with lines linestyle 1 linecolor rgb "#E5562A" notitle
unset label 4
unset label 5
unset label 6
do for [n=1:5] { unset arrow n }
unset logscale y
unset y2tics
unset y2label
set format y "%g"
set ytics mirror

set title "(d)  thermal field, {/:Italic T} = 0.4 ω_0, {/:Italic K} = 8"
set xrange [0:80]
set xtics 20
set ylabel "probability" offset 1.2,0
set yrange [0:1.05]
set ytics 0.5
set key at graph 0.95,0.985 right top maxrows 7
set label 2 "Boltzmann" at 1,0.115 left font key_font textcolor rgb "#555555"
set arrow 1 from 2*pi_h*4,0 to 2*pi_h*4,0.5 nohead linewidth 0.8 dashtype (3,3) linecolor rgb "#555555" back
set label 3 "2π/dω" at 2*pi_h*4,0.54 center font key_font textcolor rgb "#555555"
bose = 1/(1 + exp(2.5))
plot bose with lines linestyle 2 notitle, \
     for [c=3:5] thermal using 2:(of("Born-Markov", c)) with lines linestyle 3 notitle, \
     thermal using 2:(of("product-states", 5)) with lines linestyle 1 linecolor rgb colour[1] title "{/:Italic D} = {/:Italic a} - {/:Italic b}", \
     thermal using 2:(of("product-states", 3)) with lines linestyle 1 linecolor rgb colour[2] title "{/:Italic a}", \
     thermal using 2:(of("product-states", 4)) with lines linestyle 1 linecolor rgb colour[3] title "{/:Italic b}", \
     thermal using 2:(of("random-phase", 3)):8 with yerrorbars pointtype 7 pointsize 0.5 linewidth 1.2 linecolor rgb "#333333" title "random phases", \
     thermal using 2:(of("random-phase", 4)):9 with yerrorbars pointtype 7 pointsize 0.5 linewidth 1.2 linecolor rgb "#333333" notitle, \
     NaN with lines linestyle 3 title "Born-Markov"
unset label 2
unset label 3
unset arrow 1

set title "(e)  rates of (d)"
set yrange [-0.03:0.17]
set ytics 0.05
set ylabel "γ / ω_0" offset 0.6,0
unset key
set key at graph 0.97,0.985 right top maxrows 4
plot 0 with lines linewidth 0.6 linecolor rgb "#999999" notitle, \
     thermal using 2:(of("second order", 7)) with lines linestyle 2 title "second order", \
     thermal using 2:(of("second order", 6)) with lines linestyle 2 notitle, \
     thermal using 2:(of("product-states", 7)) with lines linestyle 1 linecolor rgb colour[2] title "γ_↓", \
     thermal using 2:(of("product-states", 6)) with lines linestyle 1 linecolor rgb colour[3] title "γ_↑", \
     down with lines linestyle 3 title "Born-Markov", \
     up with lines linestyle 3 notitle
unset key

set title "(f)  what the modes of (d) have gained"
set ylabel "ω/ω_0" offset 1.6,0
set yrange [0.6:1.4]
set ytics 0.2
set cblabel "Δ{/:Italic n}_k" offset -0.4,0
set cbrange [-0.1:0.45]
set cbtics 0.1
set palette defined (-0.1 "#2A6FBD", 0 "#FFFFFF", 0.06 "#FBE3A8", 0.16 "#F2A900", 0.3 "#E5562A", 0.45 "#5A1F50")
plot thermal_modes every ::1 using 1:2:3 with image

unset multiplot
