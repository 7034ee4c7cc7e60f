# gnuplot -c evolution.gp TERMINAL PICTURE TABLE
# What the two baths do to a coherent state and to a cat, at three temperatures.
set encoding utf8
terminal = ARG1
picture = ARG2
table = ARG3

if (terminal eq "svg") {
  set terminal svg size 1000,760 font "DejaVu Sans,14" enhanced background "white"
} else {
  set terminal pngcairo size 2000,1520 font "DejaVu Sans,27" enhanced linewidth 2 pointscale 2
}
set output picture
set datafile separator ","

array colour[3] = ["#0072B2", "#009E73", "#D55E00"]
array temperature[3] = [0, 1, 4]
array label_of[3] = ["{/:Italic T} = 0", "{/:Italic T} = ω_0", "{/:Italic T} = 4 ω_0"]
of(state, kind, k, c) = (stringcolumn(1) eq state && stringcolumn(2) eq kind && column(3) == temperature[k]) ? column(c) : NaN
in_x = 5; in_n = 7; in_purity = 8      # columns of the table

set style line 1 linewidth 1.6
set style line 2 linewidth 1.6 dashtype (7, 4)

set mytics 2
set border linewidth 0.7
set tics scale 0.8
set grid linewidth 0.4 linecolor rgb "#DDDDDD"
set key spacing 1.15 samplen 3

set multiplot layout 2,2 margins 0.08,0.985,0.085,0.95 spacing 0.1,0.13

set title "(a)  position, from a coherent state" offset 0,-0.4
set ylabel "⟨{/:Italic x}⟩" offset 1,0
set xrange [0:40]
set xtics 10
set yrange [-4.4:4.4]
set ytics 2
unset key
plot for [k=1:3] table using 4:(of("coherent", "spin", k, in_x)) with lines linestyle 1 linecolor rgb colour[k], \
     table using 4:(of("coherent", "bosonic", 1, in_x)) with lines linestyle 2 linecolor rgb "black"

set title "(b)  quanta, from a coherent state"
set ylabel "⟨{/:Italic n}⟩"
set yrange [0:5]
set ytics 1
plot for [k=1:3] table using 4:(of("coherent", "spin", k, in_n)) with lines linestyle 1 linecolor rgb colour[k], \
     for [k=1:3] table using 4:(of("coherent", "bosonic", k, in_n)) with lines linestyle 2 linecolor rgb colour[k]

set xlabel "{/:Italic t}  (units of 1/ω_0)" offset 0,0.3
set title "(c)  purity, from a cat"
set ylabel "tr ρ^2" offset 1.6,0
set xrange [0:10]
set xtics 2
set yrange [0:1.05]
set ytics 0.2
set key at graph 0.98,0.97 right
plot for [k=1:3] NaN with lines linestyle 1 linecolor rgb colour[k] title label_of[k], \
     NaN with lines linestyle 1 linecolor rgb "black" title "bath of spins", \
     NaN with lines linestyle 2 linecolor rgb "black" title "bath of oscillators", \
     for [k=1:3] table using 4:(of("cat", "spin", k, in_purity)) with lines linestyle 1 linecolor rgb colour[k] notitle, \
     for [k=1:3] table using 4:(of("cat", "bosonic", k, in_purity)) with lines linestyle 2 linecolor rgb colour[k] notitle
unset key

set title "(d)  purity, from a coherent state"
set xrange [0:40]
set xtics 10
plot for [k=1:3] table using 4:(of("coherent", "spin", k, in_purity)) with lines linestyle 1 linecolor rgb colour[k], \
     for [k=1:3] table using 4:(of("coherent", "bosonic", k, in_purity)) with lines linestyle 2 linecolor rgb colour[k]

unset multiplot
