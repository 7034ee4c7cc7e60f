# gnuplot -c jaynes_cummings_loss.gp TERMINAL PICTURE DECAY LINES EQUILIBRIUM
# Lines are expected, points are lindwurm's.
set encoding utf8
terminal = ARG1
picture = ARG2
decay = ARG3
lines = ARG4
equilibrium = ARG5

if (terminal eq "svg") {
  set terminal svg size 1000,760 font "DejaVu Sans,14" enhanced background "white"
} else {
  set terminal pngcairo size 2000,1520 font "DejaVu Sans,27" enhanced linewidth 2 pointscale 2
}
set output picture
set datafile separator ","
set datafile missing "nan"

dressed = "#0072B2"
empty = "#D55E00"
grouped = "#009E73"

set style line 1 linewidth 1.8 linecolor rgb dressed
set style line 2 linewidth 1.8 linecolor rgb empty dashtype (7, 4)
set style line 3 linewidth 1.8 linecolor rgb grouped dashtype (2, 3)
set style line 4 pointtype 6 pointsize 0.7 linewidth 1.1 linecolor rgb dressed
set style line 5 pointtype 4 pointsize 0.6 linewidth 1.1 linecolor rgb empty
set style line 6 pointtype 8 pointsize 0.7 linewidth 1.1 linecolor rgb grouped

set mxtics 2
set mytics 2
set border linewidth 0.7
set tics scale 0.8
set grid linewidth 0.4 linecolor rgb "#DDDDDD"
set key spacing 1.2 samplen 3

of(name, equation, c) = (stringcolumn(1) eq name && stringcolumn(2) eq equation) ? column(c) : NaN
thinned(n, y) = abs(column(5)/n - floor(column(5)/n + 0.5)) < 1e-6 ? y : NaN

set multiplot layout 2,2 margins 0.085,0.985,0.085,0.95 spacing 0.115,0.14

set title "(a)  bad cavity, {/:Italic g} = κ/10" offset 0,-0.4
set xlabel "κ {/:Italic t}" offset 0,0.3
set ylabel "atom excited" offset 1,0
set xrange [0:12]
set xtics 3
set yrange [0:1.02]
set ytics 0.25
set key at graph 0.98,0.62 right
plot decay using (column(4)*column(5)):(of("bad cavity", "dressed", 10)) with lines linestyle 1 title "dressed", \
     decay using (column(4)*column(5)):(of("bad cavity", "phenomenological", 10)) with lines linestyle 2 title "phenomenological", \
     decay using (column(4)*column(5)):(of("bad cavity", "grouped", 10)) with lines linestyle 3 title "partial secular", \
     decay using (column(4)*column(5)):(thinned(15, of("bad cavity", "dressed", 6))) with points linestyle 4 notitle, \
     decay using (column(4)*column(5)):(thinned(15, of("bad cavity", "phenomenological", 6))) with points linestyle 5 notitle, \
     decay using (column(4)*column(5)):(thinned(15, of("bad cavity", "grouped", 6))) with points linestyle 6 notitle
unset key

set title "(b)  strong coupling, {/:Italic g} = 5κ = ω_0/10"
set xrange [0:4]
set xtics 1
plot decay using (column(4)*column(5)):(of("strong", "dressed", 10)) with lines linestyle 1, \
     decay using (column(4)*column(5)):(of("strong", "phenomenological", 10)) with lines linestyle 2, \
     decay using (column(4)*column(5)):(of("strong", "grouped", 10)) with lines linestyle 3, \
     decay using (column(4)*column(5)):(thinned(4, of("strong", "dressed", 6))) with points linestyle 4

set title "(c)  first doublet, Ohmic bath, {/:Italic g} = 0.3 ω_0"
set xlabel "ω / ω_0"
set ylabel "absorption × ω_0" offset 0.5,0
set xrange [0.5:1.5]
set xtics 0.2
set yrange [0:*]
set ytics 2
line(equation, c) = stringcolumn(1) eq equation ? column(c) : NaN
plot lines using 2:(line("dressed", 4)) with lines linestyle 1, \
     lines using 2:(line("phenomenological", 4)) with lines linestyle 2, \
     lines using 2:(line("grouped", 4)) with lines linestyle 3, \
     lines using 2:(line("dressed", 3)) with points linestyle 4, \
     lines using 2:(line("phenomenological", 3)) with points linestyle 5, \
     lines using 2:(line("grouped", 3)) with points linestyle 6

set title "(d)  steady state in a thermal bath"
set xlabel "{/:Italic g} / ω_0"
set ylabel "distance from Gibbs’s state" offset 1,0
set xrange [0:0.4]
set xtics 0.1
set yrange [-0.005:*]
set ytics 0.05
at(equation, temperature, c) = (stringcolumn(1) eq equation && column(2) == temperature) ? column(c) : NaN
set label 1 "{/:Italic T} = ω_0/2" at 0.18,0.078 right
set label 2 "{/:Italic T} = ω_0" at 0.29,0.082
plot for [t in "0.5 1"] equilibrium using 3:(at("local", t + 0, 5)) with lines linestyle 2, \
     for [t in "0.5 1"] equilibrium using 3:(at("local", t + 0, 4)) with points linestyle 5, \
     0 with lines linestyle 1, \
     for [t in "0.5 1"] equilibrium using 3:(at("dressed", t + 0, 4)) with points linestyle 4

unset multiplot
