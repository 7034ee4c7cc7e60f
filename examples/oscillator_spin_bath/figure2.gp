# gnuplot -c figure2.gp TERMINAL PICTURE COEFFICIENTS FORMULAS
# The coefficients against temperature, of a bath of spins and one of oscillators: the paper's
# figure 2, without D0, and beside it the two shifts.
set encoding utf8
terminal = ARG1
picture = ARG2
found = ARG3
formulas = ARG4

if (terminal eq "svg") {
  set terminal svg size 1000,760 font "DejaVu Sans,14" enhanced background "white"
} else {
  set terminal pngcairo size 2000,1520 font "DejaVu Sans,27" enhanced linewidth 2 pointscale 2
}
set output picture
set datafile separator ","
set datafile missing "nan"

spins = "#0072B2"
oscillators = "#D55E00"
shown(kind, c) = (column(3) == 0.02 && column(4) == 3 && stringcolumn(5) eq kind) ? column(c) : NaN
formula(kind, c) = stringcolumn(1) eq kind ? column(c) : NaN

set style line 1 linewidth 1.6 linecolor rgb spins
set style line 2 linewidth 1.6 linecolor rgb oscillators
set style line 3 pointtype 7 pointsize 0.6 linecolor rgb spins
set style line 4 pointtype 6 pointsize 0.8 linewidth 1.2 linecolor rgb oscillators

set xrange [0:5]
set xtics 1
set mytics 2
set border linewidth 0.7
set tics scale 0.8
set grid linewidth 0.4 linecolor rgb "#DDDDDD"
set key spacing 1.2 samplen 2

set multiplot layout 2,2 margins 0.09,0.985,0.085,0.95 spacing 0.11,0.13

gamma0 = 0.02
unit = gamma0*0.9      # γ(T = 0) and D(T = 0), with M = w0 = 1: gamma0 Λ^2/(Λ^2 + w0^2)
x_label = "{/:Italic T}  (units of ω_0)"

set title "(a)  dissipation" offset 0,-0.4
set ylabel "γ / γ(0)" offset 0.8,0
set yrange [0:1.19]
set ytics 0.5
set key at graph 0.97,0.72 right
plot formulas using 2:(formula("bosonic", 4)/unit) with lines linestyle 2 notitle, \
     formulas using 2:(formula("spin", 4)/unit) with lines linestyle 1 notitle, \
     found using 6:(shown("bosonic", 8)/unit) with points linestyle 4 notitle, \
     found using 6:(shown("spin", 8)/unit) with points linestyle 3 notitle, \
     NaN with linespoints linewidth 1.6 pointtype 6 pointsize 0.8 linecolor rgb oscillators title "bath of oscillators", \
     NaN with linespoints linewidth 1.6 pointtype 7 pointsize 0.6 linecolor rgb spins title "bath of spins"
unset key

set title "(b)  normal diffusion"
set ylabel "{/:Italic D} / {/:Italic D}(0)"
set yrange [0:10.5]
set ytics 2
plot formulas using 2:(formula("bosonic", 5)/unit) with lines linestyle 2, \
     formulas using 2:(formula("spin", 5)/unit) with lines linestyle 1, \
     found using 6:(shown("bosonic", 9)/unit) with points linestyle 4, \
     found using 6:(shown("spin", 9)/unit) with points linestyle 3

set title "(c)  frequency shift"
set xlabel x_label offset 0,0.3
set ylabel "ω̃^2 / γ_0 ω_0" offset 0,0
set yrange [-6:0]
set ytics 2
plot formulas using 2:(formula("bosonic", 3)/gamma0) with lines linestyle 2, \
     formulas using 2:(formula("spin", 3)/gamma0) with lines linestyle 1, \
     found using 6:(shown("bosonic", 7)/gamma0) with points linestyle 4, \
     found using 6:(shown("spin", 7)/gamma0) with points linestyle 3

set title "(d)  anomalous diffusion"
set ylabel "{/:Italic f} / γ_0" offset 0.8,0
set yrange [-3:1]
set ytics 1
plot formulas using 2:(formula("bosonic", 6)/gamma0) with lines linestyle 2, \
     formulas using 2:(formula("spin", 6)/gamma0) with lines linestyle 1, \
     found using 6:(shown("bosonic", 10)/gamma0) with points linestyle 4, \
     found using 6:(shown("spin", 10)/gamma0) with points linestyle 3

unset multiplot
