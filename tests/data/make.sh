#!/bin/sh
# sample.tex + scan.tex -> sample.pdf. Needs pdflatex, pdftoppm and ImageMagick; the same input gives the same page.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export SOURCE_DATE_EPOCH=0 FORCE_SOURCE_DATE=1
cp sample.tex scan.tex "$work"
cd "$work"
pdflatex -interaction=batchmode scan.tex > /dev/null
pdftoppm -r 160 -gray scan.pdf scan
# A sheet a little askew on the glass, grey paper, soft edges, dust.
convert scan-1.pgm -level-colors 'gray(10%),gray(93%)' -background 'gray(93%)' -virtual-pixel background \
  -distort SRT 1 -blur 0x0.6 -seed 7 -attenuate 0.25 +noise Gaussian -colorspace Gray -quality 45 scan.jpg
convert -size 120x240 xc:lightsteelblue -fill white -draw 'rectangle 40,10 80,230' -fill firebrick \
  -draw 'rectangle 40,30 60,50 rectangle 60,50 80,70 rectangle 40,70 60,90 rectangle 60,90 80,110' \
  -draw 'rectangle 40,110 60,130 rectangle 60,130 80,150 rectangle 40,150 60,170' \
  -fill steelblue -draw 'rectangle 0,180 120,240' board.png
pdflatex -interaction=batchmode sample.tex > /dev/null
pdflatex -interaction=batchmode sample.tex > /dev/null
cp sample.pdf "$OLDPWD/sample.pdf"
