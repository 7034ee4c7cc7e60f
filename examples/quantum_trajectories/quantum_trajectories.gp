# gnuplot -c quantum_trajectories.gp TERMINAL PICTURE CURVES DECLINE CROSSING
# Trajectories against the master equation: means, errors, the oscillator's entropy, costs.
set encoding utf8
terminal = ARG1
picture = ARG2
curves = ARG3
decline = ARG4
crossing = ARG5

if (terminal eq "svg") {
  key_font = "DejaVu Sans,12"
  set terminal svg size 1400,800 font "DejaVu Sans,14" enhanced background "white"
} else {
  key_font = "DejaVu Sans,23"
  set terminal pngcairo size 2800,1600 font "DejaVu Sans,27" enhanced linewidth 2 pointscale 2
}
set output picture
set datafile separator ","
set datafile missing "nan"

array colour[4] = ["#F2A900", "#E5562A", "#B3307F", "#0A4FA3"]
limit = "#BDBDBD"
is(start, quantity) = strcol(1) eq start && strcol(2) eq quantity
of(start, quantity, c) = is(start, quantity) ? column(c) : NaN
lower(start, quantity) = is(start, quantity) ? column(4) - column(5) : NaN
upper(start, quantity) = is(start, quantity) ? column(4) + column(5) : NaN

set style line 2 linewidth 6 linecolor rgb limit
set border linewidth 0.7
set tics scale 0.8
set mxtics 2
set grid linewidth 0.4 linecolor rgb "#E4E4E4"
set key samplen 2.2 spacing 1.12 font key_font Left reverse

array spins[6] = [4, 6, 8, 10, 12, 14]
array tint[6] = ["#F2A900", "#E5562A", "#B3307F", "#5A3FA0", "#0A4FA3", "#2A9D8F"]
of_n(n, c) = column(1) == n ? column(c) : NaN

array begin[6]; array each[6]; array scatter[6]; array master[6]; array at[6]
do for [k=1:6] {
  stats crossing using (of_n(spins[k], 2)) nooutput; begin[k] = STATS_max
  stats crossing using (of_n(spins[k], 3)) nooutput; each[k] = STATS_max
  stats crossing using (of_n(spins[k], 5)) nooutput; scatter[k] = STATS_max
  if (k <= 4) {
    stats crossing using (of_n(spins[k], 6)) nooutput; master[k] = STATS_max
    stats crossing using (of_n(spins[k], 8)) nooutput; at[k] = STATS_max
  }
}
stats decline using 3 nooutput
root(m) = STATS_max*sqrt(64/m)

set multiplot layout 2,3 margins 0.062,0.985,0.085,0.948 spacing 0.078,0.15

set xrange [0:10]
set xtics 2
set xlabel "{/:Italic t}  (units of 1/ω_0)" offset 0,0.4

set title "(a)  from one quantum, {/:Italic N} = 4" offset 0,-0.4
set ylabel "means" offset 1.2,0
set yrange [-1.1:1.9]
set ytics 0.5
set key samplen 1.2 at graph 0.985,0.985 right top maxrows 2
plot for [q in "n P0 sx0 szsz"] curves using 3:(of("pure", q, 6)) with lines linestyle 2 notitle, \
     for [k=1:4] curves using 3:(of("pure", word("n P0 sx0 szsz", k), 4)):(of("pure", word("n P0 sx0 szsz", k), 5)) every 4 with yerrorbars pointtype 7 pointsize 0.3 linewidth 1 linecolor rgb colour[k] title word("⟨n⟩ P_0 ⟨σ_x⟩ ⟨σ_zσ_z⟩", k)

set title "(b)  {/:Italic H}({/:Italic t}) and a rate({/:Italic t})"
set yrange [-2.4:3.6]
set ytics 1
set key maxrows 2
plot for [q in "n x p sz"] curves using 3:(of("driven", q, 6)) with lines linestyle 2 notitle, \
     for [k=1:4] curves using 3:(of("driven", word("n x p sz", k), 4)):(of("driven", word("n x p sz", k), 5)) every 4 with yerrorbars pointtype 7 pointsize 0.3 linewidth 1 linecolor rgb colour[k] title word("⟨n⟩ ⟨x⟩ ⟨p⟩ ⟨σ_z⟩", k)

set title "(c)  entropy of the oscillator"
set ylabel "{/:Italic S}" offset 1.2,0
set yrange [0:1.4]
set ytics 0.2
set key maxrows 4
array start[3] = ["pure", "mixed", "driven"]
plot for [k=1:3] curves using 3:(of(start[k], "entropy", 6)) with lines linestyle 2 notitle, \
     for [k=1:3] curves using 3:(of(start[k], "entropy", 4)) every 3 with points pointtype 7 pointsize 0.5 linecolor rgb colour[k] title word("(a) thermal (b)", k), \
     NaN with lines linestyle 2 title "master equation"

set title "(d)  errors of ⟨{/:Italic n}⟩, 8 seeds, {/:Italic N} = 4"
set ylabel "rms over times" offset 2.0,0
set xlabel "trajectories"
set xrange [40:1700]
set xtics (64, 256, 1024)
set yrange [0.003:0.1]
set ytics (0.005, 0.01, 0.02, 0.05, 0.1)
set key at graph 0.02,0.22 left top maxrows 3
set logscale xy
plot root(x) with lines linestyle 2 title "∝ 1/√count", \
     decline using 1:3 with points pointtype 6 pointsize 1.1 linewidth 1.5 linecolor rgb colour[4] title "standard error", \
     decline using 1:2 with points pointtype 7 pointsize 0.7 linecolor rgb colour[2] title "deviation from the master equation"

set title "(e)  the price of an error, to {/:Italic t} = 1"
set xlabel "standard error of ⟨{/:Italic n}⟩"
set ylabel "user time (s)" offset 0.4,0
set xrange [0.0005:0.1]
set xtics ("0.001" 0.001, "0.01" 0.01, "0.1" 0.1)
set yrange [0.03:200000]
set ytics ("0.1" 0.1, "1" 1, "10" 10, "100" 100, "1000" 1000, "10^4" 1e4, "10^5" 1e5)
set key at graph 0.985,0.985 right top maxrows 3
cost(k, e) = begin[k] + each[k]*(scatter[k]/e)**2
set label 1 "master equation" at 0.00056,115 left textcolor rgb tint[4] font key_font
plot for [k=1:6] cost(k, x) with lines linewidth 1.8 linecolor rgb tint[k] title sprintf("{/:Italic N} = %d", spins[k]), \
     for [k=1:4] (x < at[k] ? master[k] : NaN) with lines linewidth 1.4 dashtype (6, 4) linecolor rgb tint[k] notitle, \
     for [k=1:4] "+" every ::0::0 using (at[k]):(master[k]) with points pointtype 7 pointsize 0.9 linecolor rgb tint[k] notitle

unset label 1
set title "(f)  memory, to {/:Italic t} = 1"
set xlabel "{/:Italic N}"
set ylabel "peak (MB)" offset 0.4,0
unset logscale x
set xrange [3:15]
set xtics 2
set yrange [20:40000]
set ytics ("100" 100, "1000" 1000, "10^4" 1e4)
set key maxrows 2
plot crossing using 1:7 with linespoints pointtype 7 pointsize 0.8 linewidth 1.8 linecolor rgb colour[2] title "master equation", \
     crossing using 1:4 with linespoints pointtype 7 pointsize 0.8 linewidth 1.8 linecolor rgb colour[4] title "trajectories"
