# gnuplot -c steady_superradiance.gp TERMINAL PICTURE PUMP LINE CAVITY
# Intensity, linewidth and second-order correlation against the pump, and lines.
set encoding utf8
terminal = ARG1
picture = ARG2
pump = ARG3
line = ARG4
cavity = ARG5

if (terminal eq "svg") {
  key_font = "DejaVu Sans,12"
  set terminal svg size 1200,820 font "DejaVu Sans,14" enhanced background "white"
} else {
  key_font = "DejaVu Sans,23"
  set terminal pngcairo size 2400,1640 font "DejaVu Sans,27" enhanced linewidth 2 pointscale 2
}
set output picture
set datafile separator ","

array colour[5] = ["#F2A900", "#E5562A", "#B3307F", "#0A4FA3", "#1B1B4B"]
sizes = "10 20 40 100"
size(k) = word(sizes, k) + 0
of(name, value, c) = abs(column(name) - value) < 1e-9 ? column(c) : NaN
set style line 2 linewidth 5 linecolor rgb "#CFCFCF"
set border linewidth 0.7
set tics scale 0.8
set grid linewidth 0.4 linecolor rgb "#E4E4E4"
set key samplen 1.8 spacing 1.12 font key_font Left reverse

set multiplot layout 2,2 margins 0.075,0.985,0.085,0.95 spacing 0.105,0.155

set title "(a)  intensity" offset 0,-0.4
set xlabel "pump  {/:Italic w} / {/:Italic N}Γ" offset 0,0.4
set ylabel "⟨{/:Italic S}_{+}{/:Italic S}_{−}⟩ / {/:Italic N} ^2" offset 1.4,0
set xrange [0:2]
set yrange [0:0.23]
set samples 600
set key right top maxrows 3
# Of N = 100 there are too few points for a curve beyond w = N Gamma.
plot for [k=1:4] pump using 3:(k < 4 || column(3) <= 1 ? of(1, size(k), 7) : NaN) smooth csplines with lines linestyle 2 notitle, \
     for [k=1:4] pump using 3:(of(1, size(k), 4)) with points pointtype 7 pointsize 0.7 linecolor rgb colour[k] title "{/:Italic N} = ".word(sizes, k), \
     NaN with lines linestyle 2 title "({/:Italic J},{/:Italic M}) rate equation", \
     (x < 1 ? x*(1-x)/2 : 0) with lines linewidth 1.5 dashtype (6, 4) linecolor rgb colour[5] title "{/:Italic N} → ∞"

set title "(b)  linewidth"
set xlabel "{/:Italic w} / {/:Italic N}Γ"
set ylabel "full width / Γ" offset 0.6,0
set logscale xy
set xrange [0.0004:5]
set yrange [0.9:400]
set format x "10^{%T}"
set key left top maxrows 6
plot for [k=1:4] pump using 3:(of(1, size(k), 10)) with lines linewidth 1.5 dashtype (6, 4) linecolor rgb colour[k] notitle, \
     for [k=1:4] pump using 3:(of(1, size(k), 6)) with points pointtype 7 pointsize 0.7 linecolor rgb colour[k] title "{/:Italic N} = ".word(sizes, k), \
     NaN with lines linewidth 1.5 dashtype (6, 4) linecolor rgb "#808080" title "cumulants"

set title "(c)  second-order correlation"
set ylabel "{/:Italic g}^{(2)}(0)"
set yrange [1:15]
set ytics (1, 1.5, 2, 3, 5, 10)
set key right top maxrows 6
plot for [k=1:4] pump using 3:(of(1, size(k), 8)) with lines linestyle 2 notitle, \
     for [k=1:4] pump using 3:(of(1, size(k), 5)) with points pointtype 7 pointsize 0.7 linecolor rgb colour[k] title "{/:Italic N} = ".word(sizes, k), \
     NaN with lines linestyle 2 title "rate equation", \
     2 with lines linewidth 1.5 dashtype (2, 3) linecolor rgb "#808080" title "thermal light"

set title "(d)  lines, {/:Italic N} = 20"
unset logscale
set format x "%g"
set ytics auto
set mxtics 2
set xlabel "frequency / Γ"
set ylabel "{/:Italic S} / {/:Italic S}(0)" offset 1.4,0
set xrange [-8:8]
set yrange [0:1.25]
set key maxrows 2
plot for [k=1:3] line using 2:(of(1, word("0.1 0.5 1", k)+0, 4)) with lines linestyle 2 notitle, \
     for [k=1:3] line using (-$2):(of(1, word("0.1 0.5 1", k)+0, 4)) with lines linestyle 2 notitle, \
     for [k=1:3] line using 2:(of(1, word("0.1 0.5 1", k)+0, 3)) with points pointtype 7 pointsize 0.5 linecolor rgb colour[k] title "{/:Italic w} = ".word("0.1 0.5 1", k)." {/:Italic N}Γ", \
     for [k=1:3] line using (-$2):(of(1, word("0.1 0.5 1", k)+0, 3)) with points pointtype 7 pointsize 0.5 linecolor rgb colour[k] notitle, \
     NaN with lines linestyle 2 title "rate equation"
