# gnuplot -c oscillator_spin_gap.gp TERMINAL PICTURE GAP SECOND_ORDER TRACKS CONTENT DECAY
# The gap against the coupling, the modes that make it, what they consist of, who sees them.
set encoding utf8
terminal = ARG1
picture = ARG2
gap = ARG3
second_order = ARG4
tracks = ARG5
content = ARG6
decay = ARG7

if (terminal eq "svg") {
  key_font = "DejaVu Sans,12"
  set terminal svg size 1200,820 font "DejaVu Sans,14" enhanced background "white"
} else {
  key_font = "DejaVu Sans,23"
  set terminal pngcairo size 2400,1640 font "DejaVu Sans,27" enhanced linewidth 2 pointscale 2
}
set output picture
set datafile separator ","

array colour[6] = ["#F2A900", "#E5562A", "#B3307F", "#6A3FA0", "#0A4FA3", "#12807A"]
of(name, value, c) = column(name) == value ? column(c) : NaN
set style line 2 linewidth 5 linecolor rgb "#CFCFCF"
set border linewidth 0.7
set tics scale 0.8
set mxtics 2
set grid linewidth 0.4 linecolor rgb "#E4E4E4"
set key samplen 1.8 spacing 1.12 font key_font Left reverse

set multiplot layout 2,2 margins 0.075,0.975,0.08,0.95 spacing 0.095,0.15

set title "(a)  gap of {/:Italic N} two-level systems" offset 0,-0.4
set xlabel "{/:Italic G}" offset 0,0.4
set ylabel "gap" offset 1.4,0
set xrange [0:0.4]
set yrange [0.02:0.095]
set key bottom right maxrows 4
plot for [k=1:3] second_order using (column(2) < 0.021 ? column(2) : NaN):(of(1, k, 3)) with lines linestyle 2 notitle, \
     for [k=1:6] gap using 2:(of(1, k, 3)) with linespoints linewidth 1.2 pointtype 7 pointsize 0.42 linecolor rgb colour[k] title sprintf("{/:Italic N} = %d", k), \
     NaN with lines linestyle 2 title "second order"

set title "(b)  slow modes, {/:Italic N} = 2"
set ylabel "rate"
set yrange [0.02:0.125]
set key top left maxrows 2
around(low, high) = column(3) >= low && column(3) < high ? column(2) : NaN
plot tracks using 1:(around(0, 0.3)) with points pointtype 7 pointsize 0.5 linecolor rgb colour[5] title "real", \
     tracks using 1:(around(0.3, 1.6)) with points pointtype 7 pointsize 0.5 linecolor rgb colour[2] title "frequency about 1", \
     tracks using 1:(around(1.6, 9)) with points pointtype 7 pointsize 0.5 linecolor rgb colour[1] title "frequency about 2"

set title "(c)  what the slowest modes consist of, {/:Italic N} = 2"
set ylabel "share that is not the identity" offset 1.4,0
set yrange [0:1.4]
set key on top left maxrows 3
plot content using 1:4 with linespoints pointtype 7 pointsize 0.42 linecolor rgb colour[2] title "lower polariton: oscillator", \
     content using 1:5 with linespoints pointtype 6 pointsize 0.42 linecolor rgb colour[2] title "first spin", \
     content using 1:6 with linespoints pointtype 4 pointsize 0.42 linecolor rgb colour[2] title "second spin", \
     content using 1:12 with linespoints pointtype 7 pointsize 0.42 linecolor rgb colour[5] title "real: oscillator", \
     content using 1:13 with linespoints pointtype 6 pointsize 0.42 linecolor rgb colour[5] title "first spin", \
     content using 1:14 with linespoints pointtype 4 pointsize 0.42 linecolor rgb colour[5] title "second spin"

set title "(d)  who sees them, {/:Italic N} = 4, {/:Italic G} = 0.2"
set xlabel "{/:Italic t}"
set ylabel "" offset 1.4,0
set xrange [0:400]
set yrange [1e-16:30]
set logscale y
set format y "10^{%T}"
set key top right maxrows 4
plot decay using 1:(3*column(5)) with lines linestyle 2 title "rates of the modes", \
     decay using 1:(0.1*column(4)) with lines linestyle 2 notitle, \
     decay using 1:3 with lines linewidth 1 linecolor rgb colour[2] title "|⟨{/:Italic x}⟩|", \
     decay using (column(1) < 350 ? column(1) : NaN):2 with lines linewidth 1.5 linecolor rgb colour[5] title "|⟨{/:Italic n}⟩ − limit|"
