# gnuplot -c kerr_bistability.gp TERMINAL PICTURE STEADY EXACT CLASSICAL SMALLEST DECAY CUTOFF
# Bistability, photon pairs, the gap against the drive and the size, metastable states, the cutoff.
set encoding utf8
terminal = ARG1
picture = ARG2
steady = ARG3
exact = ARG4
classical = ARG5
smallest = ARG6
decay = ARG7
cutoff = ARG8

if (terminal eq "svg") {
  key_font = "DejaVu Sans,12"
  set terminal svg size 1500,820 font "DejaVu Sans,14" enhanced background "white"
} else {
  key_font = "DejaVu Sans,23"
  set terminal pngcairo size 3000,1640 font "DejaVu Sans,27" enhanced linewidth 2 pointscale 2
}
set output picture
set datafile separator ","

array colour[4] = ["#F2A900", "#E5562A", "#B3307F", "#0A4FA3"]
array size[4] = [1, 2, 4, 6]
of(name, value, c) = column(name) == value ? column(c) : NaN
from(word, c) = strcol(1) eq word ? column(c) : NaN
set style line 2 linewidth 5 linecolor rgb "#CFCFCF"
set border linewidth 0.7
set tics scale 0.8
set mxtics 2
set grid linewidth 0.4 linecolor rgb "#E4E4E4"
set key samplen 1.8 spacing 1.12 font key_font Left reverse

set multiplot layout 2,3 margins 0.055,0.985,0.08,0.95 spacing 0.07,0.15

set title "(a)  quanta in the steady state" offset 0,-0.4
set xlabel "drive {/:Italic f}" offset 0,0.4
set ylabel "⟨{/:Italic n}⟩ / {/:Italic N̄}" offset 1.4,0
set xrange [1:2.2]
set yrange [0:4.6]
set key top left
plot for [k=1:4] exact using 2:(of(1, size[k], 3)) with lines linestyle 2 notitle, \
     classical using 2:1 with lines linewidth 1.2 dashtype (6, 4) linecolor rgb "#888888" title "classical", \
     for [k=1:4] steady using 2:(of(1, size[k], 3)) with points pointtype 7 pointsize 0.5 linecolor rgb colour[k] title sprintf("{/:Italic N̄} = %d", size[k]), \
     NaN with lines linestyle 2 title "exact"

set title "(b)  pairs of quanta"
set ylabel "{/:Italic g}^{(2)}"
set yrange [0.5:5.5]
set key top right
plot for [k=1:4] exact using 2:(of(1, size[k], 4)) with lines linestyle 2 notitle, \
     for [k=1:4] steady using 2:(of(1, size[k], 4)) with points pointtype 7 pointsize 0.5 linecolor rgb colour[k] title sprintf("{/:Italic N̄} = %d", size[k]), \
     NaN with lines linestyle 2 title "exact"

set title "(c)  gap"
set ylabel "gap / {/:Italic κ}"
set logscale y
set format y "10^{%T}"
set yrange [3e-6:2]
set key bottom right
plot for [k=1:4] steady using 2:(of(1, size[k], 5)) with linespoints linewidth 1 pointtype 7 pointsize 0.5 linecolor rgb colour[k] title sprintf("{/:Italic N̄} = %d", size[k])

set title "(d)  smallest gap"
set xlabel "{/:Italic N̄}"
set xrange [0.5:6.5]
set yrange [2e-6:0.3]
stats smallest using 3 nooutput
last = STATS_min
set key top right
plot last*exp(1.772155*(6 - x)) with lines linestyle 2 title "exp(−1.772 {/:Italic N̄}): barrier", \
     smallest using 1:3 with points pointtype 7 pointsize 0.7 linecolor rgb colour[2] title "at its drive"

set title "(e)  metastable states, {/:Italic N̄} = 3, {/:Italic f} = 1.54"
set xlabel "{/:Italic κt}"
set ylabel "⟨{/:Italic n}⟩"
set logscale x
unset logscale y
set format x "10^{%T}"
set format y "%g"
set xrange [0.1:4500]
set yrange [0:17]
set key top right
plot decay using (from("dim", 2)):($2 > 3 ? $4 : NaN) with lines linestyle 2 notitle, \
     decay using (from("bright", 2)):($2 > 3 ? $4 : NaN) with lines linestyle 2 title "slow mode alone", \
     decay using (from("dim", 2)):3 with points pointtype 7 pointsize 0.4 linecolor rgb colour[4] title "from the dim state", \
     decay using (from("bright", 2)):3 with points pointtype 7 pointsize 0.4 linecolor rgb colour[2] title "from the bright state"

set title "(f)  cutoff, {/:Italic N̄} = 3, {/:Italic f} = 1.54"
set xlabel "levels"
set ylabel "relative error"
unset logscale x
set format x "%g"
set logscale y
set format y "10^{%T}"
set xrange [13:41]
set yrange [1e-16:1e8]
plot cutoff using 1:3 with linespoints linewidth 1 pointtype 7 pointsize 0.6 linecolor rgb colour[2] title "of the gap", \
     cutoff using 1:4 with linespoints linewidth 1 pointtype 7 pointsize 0.6 linecolor rgb colour[4] title "of ⟨{/:Italic n}⟩", \
     cutoff using 1:5 with linespoints linewidth 1 pointtype 6 pointsize 0.6 linecolor rgb "#888888" title "population of the top level", \
     1e-6 with lines linewidth 1 dashtype (6, 4) linecolor rgb "#888888" title "warning above this"
