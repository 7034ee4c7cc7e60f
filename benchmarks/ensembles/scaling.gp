# Draws scaling.dat of compare.py --scaling; `folder` is where it lies.
set terminal pngcairo size 1100,440 font "sans,11"
set output folder . "/scaling.png"
data = folder . "/scaling.dat"
set multiplot layout 1,2
set logscale xy
set grid
set xlabel "number of spins N"
set xrange [1.8:130]
set key bottom right
set format y "10^{%L}"
set ylabel "unknowns, oscillator of 6 levels beside them"
set yrange [1e2:1e12]
plot data using 1:6 with linespoints pointtype 7 linewidth 2 title "every spin by itself, 4^N", \
     data using 1:5 with linespoints pointtype 7 linewidth 2 title "all |J,M><J',M'|: PIQS", \
     data using 1:2 with linespoints pointtype 7 linewidth 2 title "|J,M><J,M'|: Lindwurm, PsiQuaSP"
set ylabel "steady state"
set key left top
set yrange [0.02:1e4]
plot data using 1:3 with linespoints pointtype 7 linewidth 2 title "user time in s", \
     data using 1:4 with linespoints pointtype 7 linewidth 2 title "memory in MB, 50 of them start-up"
