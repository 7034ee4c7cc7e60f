# gnuplot -c emission_spectrum.gp TERMINAL PICTURE EMISSION PHOTONS RABI SPLITTING
# The Mollow triplet, antibunching, vacuum Rabi splitting of N atoms and against the coupling.
set encoding utf8
terminal = ARG1
picture = ARG2
emission = ARG3
photons = ARG4
rabi = ARG5
splitting = ARG6

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
array factor[3] = [10, 1, 1]
set style line 2 linewidth 5 linecolor rgb "#CFCFCF"
set border linewidth 0.7
set tics scale 0.8
set mxtics 2
set grid linewidth 0.4 linecolor rgb "#E4E4E4"
set key samplen 1.8 spacing 1.12 font key_font Left reverse

set multiplot layout 2,2 margins 0.075,0.985,0.08,0.95 spacing 0.095,0.15

set title "(a)  resonance fluorescence" offset 0,-0.4
set xlabel "{/:Italic ω}  from the drive's, in units of {/:Italic γ}" offset 0,0.4
set ylabel "{/:Italic S}" offset 1.4,0
set xrange [-9:9]
set yrange [0:1.25]
plot for [k=1:3] emission using 2:(factor[k]*of(1, word("0.2 1 5", k), 4)) with lines linestyle 2 notitle, \
     for [k=1:3] emission using 2:(factor[k]*of(1, word("0.2 1 5", k), 3)) every 2 with points pointtype 7 pointsize 0.42 linecolor rgb colour[k] title sprintf("Ω = %s γ%s", word("0.2 1 5", k), k == 1 ? "  (× 10)" : ""), \
     NaN with lines linestyle 2 title "Bloch equations"

set title "(b)  two photons a time τ apart"
set xlabel "{/:Italic τ}  in units of 1/{/:Italic γ}"
set ylabel "{/:Italic g}^{(2)}"
set xrange [0:8]
set yrange [0:2.2]
plot for [k=1:3] photons using 2:(of(1, word("0.2 1 5", k), 4)) with lines linestyle 2 notitle, \
     for [k=1:3] photons using 2:(of(1, word("0.2 1 5", k), 3)) with points pointtype 7 pointsize 0.42 linecolor rgb colour[k] title sprintf("Ω = %s γ", word("0.2 1 5", k)), \
     NaN with lines linestyle 2 title "Bloch equations"

set title "(c)  oscillator and {/:Italic N} two-level systems, hardly excited"
set xlabel "{/:Italic ω}"
set ylabel "{/:Italic S} / {/:Italic n}_{th}"
set xrange [0.7:1.3]
set yrange [0:44]
set key maxrows 3
plot for [k=1:4] rabi using 2:(of(1, k, 4)) with lines linestyle 2 notitle, \
     for [k=1:4] rabi using 2:(of(1, k, 3)) every 2 with points pointtype 7 pointsize 0.42 linecolor rgb colour[k] title sprintf("{/:Italic N} = %d", k), \
     NaN with lines linestyle 2 title "two oscillators"

set title "(d)  splitting, {/:Italic N} = 1"
set xlabel "{/:Italic g}"
set ylabel "detuning"
set xrange [0:0.125]
set yrange [-0.14:0.14]
set key left top maxrows 3
root(g) = g**2 > 0.0004 ? sqrt(g**2 - 0.0004) : 0
top(g) = sqrt(g**2*(g**2 + 0.0012)) - 0.0001
place(g) = top(g) > 0 ? sqrt(top(g)) : 0
set samples 600
plot place(x) with lines linestyle 2 title "highest point of |χ|²", -place(x) with lines linestyle 2 notitle, \
     root(x) with lines linewidth 1.5 dashtype (6, 4) linecolor rgb colour[4] title "±√({/:Italic g}² − ({/:Italic κ}−{/:Italic γ})²/16)", \
     -root(x) with lines linewidth 1.5 dashtype (6, 4) linecolor rgb colour[4] notitle, \
     splitting using 1:2 with points pointtype 7 pointsize 0.6 linecolor rgb colour[2] title "peaks", \
     splitting using 1:(-$2) with points pointtype 7 pointsize 0.6 linecolor rgb colour[2] notitle
