"""Tables as CSV, and gnuplot's pictures of them; shared by the examples' drivers."""

import csv
import shutil
import subprocess


def read_csv(file):
    """The rows, as {column: text}; lines with # in front are comments."""
    with open(file, newline="") as stream:
        return list(csv.DictReader(line for line in stream if not line.startswith("#")))


def write_csv(file, header, rows):
    with open(file, "w", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([f"{x:.10g}" if isinstance(x, float) else x for x in row] for row in rows)


def draw(script, folder, *tables):
    """The script's picture as PNG and SVG, by gnuplot from the folder's tables."""
    if shutil.which("gnuplot") is None:
        print("no gnuplot: the curves are in the tables, the picture is not drawn")
        return
    for terminal, ending in (("pngcairo", "png"), ("svg", "svg")):
        subprocess.run(["gnuplot", "-c", str(script), terminal,
                        str(folder / f"{script.stem}.{ending}"),
                        *(str(folder / table) for table in tables)], check=True)
