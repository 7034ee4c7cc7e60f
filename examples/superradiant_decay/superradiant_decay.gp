# gnuplot -c superradiant_decay.gp TERMINAL PICTURE DECAY MANY DEPHASING PEAKS MULTIPLETS
# Superradiant bursts of 10 to 200 systems, with dephasing, their peaks, the multiplets in time.
set encoding utf8
terminal = ARG1
picture = ARG2
decay = ARG3
many = ARG4
dephasing = ARG5
peaks = ARG6
multiplets = ARG7

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
of(name, value, c) = abs(column(name) - value) < 1e-9 ? column(c) : NaN
set style line 2 linewidth 5 linecolor rgb "#CFCFCF"
set border linewidth 0.7
set tics scale 0.8
set mxtics 2
set grid linewidth 0.4 linecolor rgb "#E4E4E4"
set key samplen 1.8 spacing 1.12 font key_font Left reverse

set multiplot layout 2,2 margins 0.075,0.985,0.085,0.95 spacing 0.105,0.155

set title "(a)  collective decay alone" offset 0,-0.4
set xlabel "{/:Italic N}Γ{/:Italic t} − ln {/:Italic N}" offset 0,0.4
set ylabel "⟨{/:Italic S}_{+}{/:Italic S}_{−}⟩ / {/:Italic N} ^2" offset 1.4,0
set xrange [-4:8]
set yrange [0:0.25]
plot for [k=1:4] decay using 2:(of(1, word("10 20 50 100", k)+0, 4)) with lines linestyle 2 notitle, \
     for [k=1:4] decay using 2:(of(1, word("10 20 50 100", k)+0, 3)) every 2 with points pointtype 7 pointsize 0.42 linecolor rgb colour[k] title sprintf("{/:Italic N} = %s", word("10 20 50 100", k)), \
     NaN with lines linestyle 2 title "rate equation", \
     many using 1:2 with lines linewidth 1.5 dashtype (6, 4) linecolor rgb colour[5] title "{/:Italic N} → ∞"

set title "(b)  {/:Italic N} = 50, dephasing of each at {/:Italic γ}_{φ}"
set xlabel "{/:Italic N}Γ{/:Italic t}"
set ylabel "⟨{/:Italic S}_{+}{/:Italic S}_{−}⟩ / {/:Italic N}"
set xrange [0:16]
set yrange [0:10.5]
plot for [k=1:5] dephasing using 2:(of(1, word("0 0.05 0.1 0.2 0.5", k)+0, 4)) with lines linestyle 2 notitle, \
     for [k=1:5] dephasing using 2:(of(1, word("0 0.05 0.1 0.2 0.5", k)+0, 3)) every 2 with points pointtype 7 pointsize 0.42 linecolor rgb colour[k] title sprintf("{/:Italic γ}_{φ} = %s {/:Italic N}Γ", word("0 0.05 0.1 0.2 0.5", k)), \
     NaN with lines linestyle 2 title "({/:Italic J},{/:Italic M}) rate equation"

set title "(c)  highest intensity"
set xlabel "{/:Italic N}"
set ylabel "⟨{/:Italic S}_{+}{/:Italic S}_{−}⟩, largest" offset 0.6,0
set logscale xy
set xrange [8:260]
set yrange [8:16000]
set format y "10^{%T}"
set xtics (10, 20, 50, 100, 200)
set mxtics 1
set key left top
plot 0.19571*x**2 with lines linewidth 1.5 dashtype (6, 4) linecolor rgb colour[5] title "0.1957 {/:Italic N} ^2", \
     x with lines linewidth 1.5 dashtype (2, 3) linecolor rgb "#808080" title "{/:Italic N}, each by itself", \
     for [k=1:3] peaks using 1:(of(2, word("0 5 20", k)+0, 4)) with linespoints linewidth 1 pointtype 7 pointsize 0.8 linecolor rgb colour[2*k-1 > 4 ? 4 : 2*k-1] title sprintf("{/:Italic γ}_{φ} = %s Γ", word("0 5 20", k))

set title "(d)  {/:Italic N} = 50, {/:Italic γ}_{φ} = 0.1 {/:Italic N}Γ: population of the multiplets"
set xlabel "{/:Italic N}Γ{/:Italic t}"
set ylabel "2{/:Italic J} / {/:Italic N}" offset 0.2,0
unset logscale
unset grid
set format y "%g"
set xrange [0:16]
set yrange [-0.02:1.02]
set xtics auto
set mxtics 2
set cbrange [0:0.3]
set colorbox user origin 0.922,0.085 size 0.013,0.355
set rmargin at screen 0.912
set palette defined (0 "#FFFFFF", 0.15 "#FBE3A8", 0.35 "#F2A900", 0.6 "#E5562A", 0.8 "#B3307F", 1 "#1B1B4B")
plot multiplets using 1:2:3 with image notitle
