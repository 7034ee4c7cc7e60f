# gnuplot -c common_reservoir.gp TERMINAL PICTURE DECAY PAIR LIMITS
# Lines are expected, points are lindwurm's.
set encoding utf8
terminal = ARG1
picture = ARG2
decay = ARG3
pair = ARG4
limits = ARG5

if (terminal eq "svg") {
  set terminal svg size 1000,760 font "DejaVu Sans,14" enhanced background "white"
} else {
  set terminal pngcairo size 2000,1520 font "DejaVu Sans,27" enhanced linewidth 2 pointscale 2
}
set output picture
set datafile separator ","
set datafile missing "nan"

array colour[4] = ["#0072B2", "#009E73", "#D55E00", "#CC79A7"]
array number[4] = [2, 3, 4, 6]
gamma = 0.1
of(scheme, qubits, state, c) = (stringcolumn(1) eq scheme && column(2) == qubits && stringcolumn(3) eq state && column(4) == 0) ? column(c) : NaN
every_nth(n, t, y) = abs(t/(0.4*n) - floor(t/(0.4*n) + 0.5)) < 1e-6 ? y : NaN

set style line 1 linewidth 1.6
set style line 2 linewidth 1.6 dashtype (7, 4)
set style line 3 pointtype 6 pointsize 0.7 linewidth 1.1

set mxtics 2
set mytics 2
set border linewidth 0.7
set tics scale 0.8
set grid linewidth 0.4 linecolor rgb "#DDDDDD"
set key spacing 1.15 samplen 2.5

set multiplot layout 2,2 margins 0.085,0.985,0.085,0.95 spacing 0.1,0.14

set title "(a)  superradiance, from all up" offset 0,-0.4
set xlabel "γ {/:Italic t}" offset 0,0.3
set ylabel "light / {/:Italic M}γ" offset 1,0
set xrange [0:3]
set yrange [0:1.75]
set xtics 1
set ytics 0.5
set key at graph 0.98,0.97 right
plot for [k=1:4] decay using (gamma*column(5)):(of("collective", number[k], "all up", 9)/number[k]) with lines linestyle 1 linecolor rgb colour[k] title sprintf("{/:Italic M} = %d", number[k]), \
     [0:3] exp(-x) with lines linestyle 2 linecolor rgb "black" title "own reservoirs", \
     for [k=1:4] decay using (gamma*column(5)):(every_nth(1, column(5), of("collective", number[k], "all up", 7)/number[k])) with points linestyle 3 linecolor rgb colour[k] notitle

set title "(b)  subradiance, from one up"
set label 1 "{/:Italic M} = 4" at 3.3,0.80 textcolor rgb colour[3]
set label 2 "{/:Italic M} = 3" at 3.3,0.715 textcolor rgb colour[2]
set label 3 "{/:Italic M} = 2" at 3.3,0.44 textcolor rgb colour[1]
set label 4 "{/:Italic c} = 0.95" at 2.2,0.595 textcolor rgb colour[2]
set label 5 "{/:Italic c} = 0.5" at 1.65,0.30 textcolor rgb colour[2]
set ylabel "excited qubits" offset 0.5,0
set xrange [0:4]
set yrange [0:1.02]
set ytics 0.25
set key at graph 0.98,0.965 right maxrows 3 width -8
plot for [k=1:3] decay using (gamma*column(5)):(of("collective", number[k], "one up", 8)) with lines linestyle 1 linecolor rgb colour[k] notitle, \
     decay using (gamma*column(5)):(of("c = 0.95", 3, "one up", 8)) with lines linestyle 1 dashtype (2, 3) linecolor rgb colour[2] notitle, \
     decay using (gamma*column(5)):(of("c = 0.5", 3, "one up", 8)) with lines linestyle 1 dashtype (2, 3) linecolor rgb colour[2] notitle, \
     exp(-x) with lines linestyle 2 linecolor rgb "black" notitle, \
     for [k=1:3] decay using (gamma*column(5)):(every_nth(4, column(5), of("collective", number[k], "one up", 6))) with points linestyle 3 linecolor rgb colour[k] notitle, \
     decay using (gamma*column(5)):(every_nth(4, column(5), of("c = 0.95", 3, "one up", 6))) with points linestyle 3 linecolor rgb colour[2] notitle, \
     decay using (gamma*column(5)):(every_nth(4, column(5), of("c = 0.5", 3, "one up", 6))) with points linestyle 3 linecolor rgb colour[2] notitle

unset label
set ylabel "excited qubits" offset 1.6,0
set title "(c)  the Lamb shift: two qubits, one up"
set xlabel "ω_0 {/:Italic t}"
set xrange [0:60]
set xtics 20
set yrange [0:1.02]
set key at graph 0.98,0.965 right maxrows 4 width 0
chosen(c) = (column(1) == 0.8 && column(2) == 0) ? column(c) : NaN
plot pair using 3:(chosen(6)) with lines linestyle 1 linecolor rgb colour[1] title "first", \
     pair using 3:(chosen(7)) with lines linestyle 1 linecolor rgb colour[3] title "second", \
     pair using 3:(chosen(4)) with points linestyle 3 linecolor rgb colour[1] notitle, \
     pair using 3:(chosen(5)) with points linestyle 3 linecolor rgb colour[3] notitle

set ylabel "excited qubits" offset 0.5,0
set title "(d)  what stays of four qubits' excitation"
set xlabel "{/:Italic n̄}"
set xrange [0:2.05]
set xtics 0.5
set yrange [0:2]
set ytics 0.5
set key at graph 0.98,0.3 right maxrows 4
stays(scheme, state, c) = (stringcolumn(1) eq scheme && stringcolumn(2) eq state) ? column(c) : NaN
plot limits using 3:(stays("collective", "all up", 5)) with lines linestyle 1 linecolor rgb colour[1] title "from all up", \
     limits using 3:(stays("collective", "one up", 5)) with lines linestyle 1 linecolor rgb colour[3] title "from one up", \
     limits using 3:(stays("local", "all up", 5)) with lines linestyle 2 linecolor rgb "black" title "own reservoirs", \
     limits using 3:(stays("collective", "all up", 4)) with points linestyle 3 linecolor rgb colour[1] notitle, \
     limits using 3:(stays("collective", "one up", 4)) with points linestyle 3 linecolor rgb colour[3] notitle, \
     limits using 3:(stays("local", "all up", 4)) with points linestyle 3 linecolor rgb "black" notitle

unset multiplot
