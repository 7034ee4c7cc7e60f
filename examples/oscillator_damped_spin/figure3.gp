# gnuplot -c figure3.gp TERMINAL PICTURE TABLE
# Two panels like those of the paper's figure 3: <N> against t, from the columns of figure3.csv.
set encoding utf8
terminal = ARG1
picture = ARG2
table = ARG3

if (terminal eq "svg") {
  key_font = "DejaVu Sans,12"
  set terminal svg size 1000,480 font "DejaVu Sans,14" enhanced background "white"
} else {
  key_font = "DejaVu Sans,23"
  set terminal pngcairo size 2000,960 font "DejaVu Sans,27" enhanced linewidth 2 pointscale 2
}
set output picture
set datafile separator ","
set datafile missing NaN

array colour[3] = ["#0072B2", "#D55E00", "#009E73"]
array nbar[3] = [0, 1, 5]
full = 4; printed = 7; splitting = 8; second_order = 9      # columns of the table
of(gamma, k, c) = (column(1) == gamma && column(2) == nbar[k]) ? column(c) : NaN
marked(y) = int(floor(10*column(3) + 0.5)) % 5 == 0 ? y : NaN   # a circle every 0.5

set style line 1 linewidth 1.3 dashtype (9, 6)
set style line 2 linewidth 1.7 dashtype (2, 4)
set style line 3 linewidth 1.3 dashtype solid
set style line 4 linewidth 1.1 pointtype 6 pointsize 0.95

set xlabel "{/:Italic t}  (units of 1/ω_0)" offset 0,0.3
set xrange [0:10]
set xtics 2
set mxtics 2
set mytics 2
set border linewidth 0.7
set tics scale 0.8
set key top left Left reverse samplen 3 spacing 1.1 width -3 font key_font

set multiplot layout 1,2 margins 0.075,0.98,0.145,0.905 spacing 0.1

set title "(a)  γ = 10"
set ylabel "⟨{/:Italic N}⟩" offset 0.3,0
set yrange [0:4]
set ytics 1
set format y "%g"
mean_occupation(k) = sprintf("{/:Italic n̄} = %d", nbar[k])
set label 1 mean_occupation(1) at 8.2,2.0 textcolor rgb colour[1]
set label 2 mean_occupation(2) at 8.2,0.82 textcolor rgb colour[2]
set label 3 mean_occupation(3) at 8.2,0.48 textcolor rgb colour[3]
plot NaN with points linestyle 4 linecolor rgb "black" title "full equation (33)", \
     NaN with lines linestyle 1 linecolor rgb "black" title "adiabatic, Γ as printed (39)", \
     NaN with lines linestyle 2 linecolor rgb "black" title "adiabatic, Γ with the splitting", \
     NaN with lines linestyle 3 linecolor rgb "black" title "second order in {/:Italic g}", \
     for [k=1:3] table using 3:(of(10, k, printed)) with lines linestyle 1 linecolor rgb colour[k] notitle, \
     for [k=1:3] table using 3:(of(10, k, splitting)) with lines linestyle 2 linecolor rgb colour[k] notitle, \
     for [k=1:3] table using 3:(of(10, k, second_order)) with lines linestyle 3 linecolor rgb colour[k] notitle, \
     for [k=1:3] table using 3:(marked(of(10, k, full))) with points linestyle 4 linecolor rgb colour[k] notitle

set title "(b)  γ = 100"
set yrange [0:0.4]
set ytics 0.1
set format y "%.1f"
set label 1 at 6.1,0.205
set label 2 at 7.6,0.085
set label 3 at 7.6,0.012
unset key
plot for [k=1:3] table using 3:(of(100, k, printed)) with lines linestyle 1 linecolor rgb colour[k] notitle, \
     for [k=1:3] table using 3:(of(100, k, splitting)) with lines linestyle 2 linecolor rgb colour[k] notitle, \
     for [k=1:3] table using 3:(of(100, k, second_order)) with lines linestyle 3 linecolor rgb colour[k] notitle, \
     for [k=1:3] table using 3:(marked(of(100, k, full))) with points linestyle 4 linecolor rgb colour[k] notitle

unset multiplot
