# gnuplot -c dicke_softening.gp TERMINAL PICTURE MODES LINEAR SOFTENING
# Frequency and rate of the mode that softens, the gap against N, quanta in the steady state.
set encoding utf8
terminal = ARG1
picture = ARG2
modes = ARG3
linear = ARG4
softening = ARG5

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
of(name, value, c) = column(name) == value ? column(c) : NaN
set style line 2 linewidth 5 linecolor rgb "#CFCFCF"
set border linewidth 0.7
set tics scale 0.8
set mxtics 2
set grid linewidth 0.4 linecolor rgb "#E4E4E4"
set key samplen 1.8 spacing 1.12 font key_font Left reverse

set multiplot layout 2,2 margins 0.075,0.975,0.08,0.95 spacing 0.095,0.15

set title "(a)  the mode that softens: frequency" offset 0,-0.4
set xlabel "{/:Italic g / g_c}" offset 0,0.4
set ylabel "frequency" offset 1.4,0
set xrange [0:1.45]
set yrange [0:1.1]
set key top right
plot linear using 1:3 with lines linestyle 2 title "two oscillators", \
     for [k=1:4] modes using 2:(of(1, k, 5)) with linespoints linewidth 1 pointtype 7 pointsize 0.5 linecolor rgb colour[k] title sprintf("{/:Italic N} = %d", k)

set title "(b)  and rate"
set ylabel "rate"
set yrange [0:0.9]
set key top left maxrows 3
plot linear using 1:2 with lines linestyle 2 title "two oscillators", \
     for [k=1:4] modes using 2:(of(1, k, 4)) with linespoints linewidth 1 pointtype 7 pointsize 0.5 linecolor rgb colour[k] title sprintf("{/:Italic N} = %d", k)

set title "(c)  gap against {/:Italic N}"
set xlabel "{/:Italic N}"
set ylabel "gap"
set xrange [0.7:4.3]
set xtics 1
set mxtics 1
set yrange [0:0.9]
set key top right maxrows 3
array ratio[4] = [0.6, 1.0, 1.2, 1.4]
plot for [k=1:4] softening using 1:(of(2, ratio[k], 3)) with linespoints linewidth 1 pointtype 7 pointsize 0.7 linecolor rgb colour[k] title sprintf("{/:Italic g} = %g {/:Italic g_c}", ratio[k])

set title "(d)  quanta in the steady state"
set xlabel "{/:Italic g / g_c}"
set ylabel "⟨{/:Italic n}⟩ / {/:Italic N}"
set xrange [0:1.45]
set xtics autofreq
set mxtics 2
set yrange [0:0.6]
set key top left maxrows 5
plot linear using 1:4 with lines linestyle 2 title "mean field", \
     for [k=1:4] modes using 2:(of(1, k, 6)) with linespoints linewidth 1 pointtype 7 pointsize 0.5 linecolor rgb colour[k] title sprintf("{/:Italic N} = %d", k)
