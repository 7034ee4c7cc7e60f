# gnuplot -c spin_bath_oscillator.gp TERMINAL PICTURE EVOLUTION SIZE SPLITTING
# An oscillator and N damped spins: evolution, occupation and damping against N, temperature against the splitting.
set encoding utf8
terminal = ARG1
picture = ARG2
evolution = ARG3
size = ARG4
splitting = ARG5

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
from(start, which, c) = strcol(1) eq start && strcol(2) eq which ? column(c) : NaN
of(quantity, g, c) = strcol(1) eq quantity && column(2) == g ? column(c) : NaN
is(what, c) = strcol(1) eq what ? column(c) : NaN
set style line 2 linewidth 5 linecolor rgb limit
set style line 3 linewidth 1.5 dashtype (6, 4) linecolor rgb "black"
set border linewidth 0.7
set tics scale 0.8
set mxtics 2
set grid linewidth 0.4 linecolor rgb "#E4E4E4"
set key samplen 2.2 spacing 1.12 font key_font Left reverse

set multiplot layout 2,2 margins 0.08,0.985,0.085,0.95 spacing 0.095,0.155

set title "(a)  cooled and heated, {/:Italic G} = 0.2" offset 0,-0.4
set xlabel "{/:Italic t}  (units of 1/ω_0)" offset 0,0.4
set ylabel "⟨{/:Italic n}⟩" offset 1.2,0
set xrange [0:60]
set yrange [0.015:2.6]
set logscale y
set ytics (0.01, 0.1, 1)
set key right bottom
plot for [start in "2 0"] evolution using 3:(from(start, "many", 4)) with lines linestyle 2 title start eq "2" ? "{/:Italic N} = ∞" : "", \
     for [start in "2 0"] for [k=1:3] evolution using 3:(from(start, word("1 4 16", k), 4)) with lines linewidth 1.4 linecolor rgb colour[k] title start eq "2" ? sprintf("{/:Italic N} = %s", word("1 4 16", k)) : "", \
     for [start in "2 0"] evolution using 3:(from(start, "rates", 4)) with lines linestyle 3 title start eq "2" ? "second-order rates" : ""
unset logscale y

set title "(b)  occupation in the end"
set xlabel "{/:Italic N}"
set ylabel "⟨{/:Italic n}⟩"
set logscale x
set xrange [0.85:130]
set xtics (1, 2, 4, 8, 16, 32, 64, 100)
unset mxtics
set yrange [0.19:0.52]
set ytics 0.05
set key right top
plot for [k=1:3] size using 3:(of("n", k/10.0, 5)) with lines linewidth 5 linecolor rgb limit notitle, \
     for [k=1:3] size using 3:(of("n", k/10.0, 4)) with points pointtype 7 pointsize 0.8 linecolor rgb colour[4-k] title sprintf("{/:Italic G} = %.1f", k/10.0), \
     0.208 with lines linestyle 3 title "second-order rates", \
     NaN with lines linestyle 2 title "{/:Italic N} = ∞"

set title "(c)  damping, {/:Italic G} = 0.2"
set ylabel "damping of ⟨{/:Italic n}⟩ / ω_0" offset 1.6,0
set xrange [0.85:20]
set yrange [0.09:0.12]
set ytics 0.01
set key right bottom
plot size using 3:(of("damping", 0.2, 5)) with lines linestyle 2 title "{/:Italic N} = ∞", \
     size using 3:(of("damping", 0.2, 4)) with points pointtype 7 pointsize 0.8 linecolor rgb colour[2] title "twice the gap", \
     size using 3:(of("damping", 0.2, 6)) with lines linestyle 3 title "second-order rates"
unset logscale x
set xtics autofreq
set mxtics 2

set title "(d)  temperature, {/:Italic G} = 0.1, {/:Italic N} = 8"
set xlabel "{/:Italic Δ} / ω_0"
set ylabel "{/:Italic T} / ω_0" offset 1.2,0
set xrange [0.4:2.1]
set yrange [0.15:1.05]
set ytics 0.2
set key right bottom
plot splitting using 2:(is("curve", 3)) with lines linestyle 2 title "{/:Italic N} = ∞", \
     splitting using 2:(is("curve", 5)) with lines linewidth 1.2 linecolor rgb colour[4] title "spins", \
     splitting using 2:(is("curve", 4)) with lines linestyle 3 title "second-order rates", \
     splitting using 2:(is("run", 3)) with points pointtype 7 pointsize 0.8 linecolor rgb colour[2] title "oscillator"

unset multiplot
