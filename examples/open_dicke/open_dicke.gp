# gnuplot -c open_dicke.gp TERMINAL PICTURE TRANSITION GAPS CRITICAL NOISE
# The open Dicke model: photon number and gap through the transition, critical point, decay and dephasing.
set encoding utf8
terminal = ARG1
picture = ARG2
transition = ARG3
gaps = ARG4
critical = ARG5
noise = ARG6

if (terminal eq "svg") {
  key_font = "DejaVu Sans,12"
  set terminal svg size 1200,820 font "DejaVu Sans,14" enhanced background "white"
} else {
  key_font = "DejaVu Sans,23"
  set terminal pngcairo size 2400,1640 font "DejaVu Sans,27" enhanced linewidth 2 pointscale 2
}
set output picture
set datafile separator ","

array colour[4] = ["#F2A900", "#E5562A", "#B3307F", "#0A4FA3"]
limit = "#BDBDBD"
of(n, c) = column(1) == n ? column(c) : NaN
is(case, c) = strcol(1) eq case ? column(c) : NaN
set style line 2 linewidth 5 linecolor rgb limit
set border linewidth 0.7
set tics scale 0.8
set mxtics 2
set grid linewidth 0.4 linecolor rgb "#E4E4E4"
set key samplen 1.8 spacing 1.12 font key_font Left reverse

set multiplot layout 2,2 margins 0.08,0.985,0.085,0.95 spacing 0.095,0.155

set title "(a)  photons for each spin, decay 0.5 {/:Italic κ}" offset 0,-0.4
set xlabel "{/:Italic g} / {/:Italic g_c}" offset 0,0.4
set ylabel "⟨{/:Italic n}⟩ / {/:Italic N}" offset 1.2,0
set xrange [0:2]
set yrange [0:1.2]
set key left top
plot transition using 2:(of(0, 4)) with lines linestyle 2 title "mean field", \
     for [k=1:3] transition using 2:(of(2**k, 4)) with linespoints pointtype 7 pointsize 0.5 linewidth 1.2 linecolor rgb colour[k] title sprintf("{/:Italic N} = %d", 2**k)

set title "(b)  gap"
set ylabel "gap / {/:Italic κ}" offset 0.6,0
set xrange [0:1.65]
set yrange [0.015:0.7]
set logscale y
set ytics (0.02, 0.05, 0.1, 0.2, 0.5)
set key left bottom
plot gaps using 2:(of(0, 3)) with lines linestyle 2 title "linear stability", \
     for [k=1:2] gaps using 2:(of(2**k, 3)) with linespoints pointtype 7 pointsize 0.5 linewidth 1.2 linecolor rgb colour[k] title sprintf("{/:Italic N} = %d", 2**k), \
     for [k=3:4] gaps using 2:(of(2**k, 3)) with points pointtype 7 pointsize 0.8 linecolor rgb colour[k] title sprintf("{/:Italic N} = %d", 2**k)
unset logscale y
set ytics auto

set title "(c)  at the threshold, {/:Italic N} = 2 to 32"
set xlabel "1 / √{/:Italic N}"
set ylabel "⟨{/:Italic n}⟩ / √{/:Italic N}" offset 1.6,0
set xrange [-0.02:0.75]
set yrange [0.22:0.29]
set ytics 0.02
set key right top
theory(case) = strcol(1) eq case ? column(4)/sqrt(column(2)) : NaN
plot critical using (0):(theory("decay")) with points pointtype 6 pointsize 1.1 linewidth 1.5 linecolor rgb colour[2] title "one slow mode, {/:Italic N} = ∞", \
     critical using (0):(theory("collective")) with points pointtype 6 pointsize 1.1 linewidth 1.5 linecolor rgb colour[4] notitle, \
     critical using (1/sqrt(column(2))):(is("decay", 3)/sqrt(column(2))) with points pointtype 7 pointsize 0.7 linecolor rgb colour[2] title "decay 0.5 {/:Italic κ}", \
     critical using (1/sqrt(column(2))):(is("collective", 3)/sqrt(column(2))) with points pointtype 7 pointsize 0.7 linecolor rgb colour[4] title "loss of photons alone"

set title "(d)  1.4 {/:Italic g_c}, lines: {/:Italic N} = ∞"
set xlabel "{/:Italic N}"
set ylabel "⟨{/:Italic n}⟩" offset 0.4,0
set xrange [1.8:9]
set yrange [0.4:8]
set logscale xy
set xtics (2, 4, 8)
set ytics (0.5, 1, 2, 5, 10)
set key left top
array name[3] = ["decay", "both", "dephasing"]
array label[3] = ["decay", "decay and dephasing", "dephasing alone"]
array shade[3] = [2, 3, 4]
plot for [k=1:3] noise using 2:(is(name[k], 4)) with lines linewidth 1.4 dashtype (6, 4) linecolor rgb colour[shade[k]] notitle, \
     for [k=1:3] noise using 2:(is(name[k], 3)) with points pointtype 7 pointsize 0.8 linecolor rgb colour[shade[k]] title label[k]

unset multiplot
