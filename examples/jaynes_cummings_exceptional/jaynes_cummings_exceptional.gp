# gnuplot -c jaynes_cummings_exceptional.gp TERMINAL PICTURE TRACKS EXACT GAP DISTANCE DECAY
# Rates, frequencies and tracks of coherences with the vacuum, the gap, the exceptional point, decays.
set encoding utf8
terminal = ARG1
picture = ARG2
tracks = ARG3
exact = ARG4
gap = ARG5
distance = ARG6
decay = ARG7

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
of(name, value, c) = column(name) == value ? column(c) : NaN
lossless(k, c) = column(1) == 0 && column(2) == k ? column(c) : NaN
side(word, c) = strcol(1) eq word ? column(c) : NaN
set style line 2 linewidth 5 linecolor rgb "#CFCFCF"
set border linewidth 0.7
set tics scale 0.8
set mxtics 2
set grid linewidth 0.4 linecolor rgb "#E4E4E4"
set key samplen 1.8 spacing 1.12 font key_font Left reverse

set multiplot layout 2,3 margins 0.055,0.985,0.08,0.95 spacing 0.07,0.15

set title "(a)  coherences of {/:Italic k} quanta with none: rates" offset 0,-0.4
set xlabel "{/:Italic g / κ}" offset 0,0.4
set ylabel "rate / {/:Italic κ}" offset 1.4,0
set xrange [0:0.5]
set yrange [0:2.1]
set key top right maxrows 2
plot for [k=1:3] exact using 2:(of(1, k, 3)) with lines linestyle 2 notitle, \
     for [k=1:3] exact using 2:(of(1, k, 5)) with lines linestyle 2 notitle, \
     for [k=1:3] tracks using 3:(lossless(k, 4)) with points pointtype 7 pointsize 0.45 linecolor rgb colour[k] title sprintf("{/:Italic k} = %d", k), \
     NaN with lines linestyle 2 title "exact"

set title "(b)  and frequencies"
set ylabel "frequency − {/:Italic kω}, in units of {/:Italic κ}"
set yrange [-1:1]
set key top left maxrows 4
plot for [k=1:3] exact using 2:(of(1, k, 4)) with lines linestyle 2 notitle, \
     for [k=1:3] exact using 2:(of(1, k, 6)) with lines linestyle 2 notitle, \
     for [k=1:3] tracks using 3:(lossless(k, 5)) with points pointtype 7 pointsize 0.45 linecolor rgb colour[k] title sprintf("{/:Italic k} = %d", k), \
     NaN with lines linestyle 2 title "exact"

set title "(c)  tracks of the eigenvalues, {/:Italic g} from 0.01 to 0.5"
set xlabel "Re {/:Italic λ / κ}"
set ylabel "Im {/:Italic λ / κ} + {/:Italic kω / κ}"
set xrange [-1.55:0.1]
set yrange [-0.9:1.1]
set key top right maxrows 3
plot for [k=1:3] tracks using (lossless(k, 4) != lossless(k, 4) ? NaN : -$4):(-$5) with points pointtype 7 pointsize 0.5 linecolor rgb colour[k] title sprintf("{/:Italic k} = %d", k)

set title "(d)  gap"
set xlabel "{/:Italic g / κ}"
set ylabel "gap / {/:Italic κ}"
set xrange [0:0.5]
set yrange [0:0.36]
set key top left maxrows 2
root(g, c) = 16*g**2 < (1 - c)**2 ? sqrt((1 - c)**2/16.0 - g**2) : 0
set samples 800
plot (1 + 0.2)/4 - root(x, 0.2) with lines linestyle 2 notitle, \
     0.25 - root(x, 0) with lines linestyle 2 title "exact", \
     gap using 2:(of(1, 0, 3)) with points pointtype 7 pointsize 0.5 linecolor rgb colour[2] title "{/:Italic γ} = 0", \
     gap using 2:(of(1, 0.2, 3)) with points pointtype 7 pointsize 0.5 linecolor rgb colour[4] title "{/:Italic γ} = 0.2 {/:Italic κ}"

set title "(e)  distance from {/:Italic g} = {/:Italic κ}/4"
set xlabel "{/:Italic δ} = 4 {/:Italic g / κ} − 1"
set ylabel ""
set logscale xy
set format "10^{%T}"
set xrange [3e-13:0.3]
set yrange [1e-7:1e19]
set key top right maxrows 5
plot distance using (side("above", 2)):4 with lines linestyle 2 title "powers ½, −½, −1", \
     distance using (side("above", 2)):(1.333/sqrt(column(2))) with lines linestyle 2 notitle, \
     distance using (side("above", 2)):(1.454/column(2)) with lines linestyle 2 notitle, \
     1e5 with lines linewidth 1 dashtype (6, 4) linecolor rgb "#888888" title "flagged above this", \
     distance using (side("above", 2)):6 with points pointtype 7 pointsize 0.6 linecolor rgb colour[3] title "condition, three merge", \
     distance using (side("above", 2)):5 with points pointtype 7 pointsize 0.6 linecolor rgb colour[2] title "condition, two merge", \
     distance using (side("above", 2)):3 with points pointtype 7 pointsize 0.6 linecolor rgb colour[4] title "splitting / {/:Italic κ}"

set title "(f)  decay of the dipole"
set xlabel "{/:Italic κt}"
set ylabel "|⟨{/:Italic σ}_{−}⟩|"
unset logscale x
set format x "%g"
set xrange [0:40]
set yrange [1e-5:30]
set key top right maxrows 2
array coupling[3] = [0.1, 0.25, 0.6]
plot for [k=1:3] decay using 2:(of(1, coupling[k], 4)) with lines linestyle 2 notitle, \
     for [k=1:3] decay using 2:(of(1, coupling[k], 3)) with points pointtype 7 pointsize 0.4 linecolor rgb colour[k] title sprintf("{/:Italic g} = %g {/:Italic κ}", coupling[k]), \
     NaN with lines linestyle 2 title "exact"
