#!/bin/sh
# Prints the day's sales as a coloured table, now and then. SHOP_NODE is the Node that runs the shop: it fetches the figures,
# so that neither curl nor wget is needed.
trap 'kill $! 2>/dev/null; exit 0' TERM INT

pause() {
  sleep "$1" &
  wait $!
}

fetch() {
  "$SHOP_NODE" --input-type=module -e \
    'const answer = await fetch(process.argv[1]); process.stdout.write(await answer.text())' "$1" 2>/dev/null
}

report() {
  figures=$(fetch "$SHOP_URL/report") || {
    echo "WARN: the shop gave no figures, trying again later" >&2
    return
  }
  printf '%s\n' "$figures" | awk -F '\t' '
    BEGIN {
      printf "\033[1m%-15s %4s  %-15s %9s\033[0m\n", "Product", "Sold", "Stock", "Revenue"
    }
    {
      colour = $3 < 8 ? 31 : $3 < 20 ? 33 : 32
      bar = ""
      for (i = 0; i < $3 / 3 && i < 11; i++) bar = bar "█"
      printf "%-15s %4d  \033[%dm%s\033[0m%s %3d %9.2f\n", $1, $2, colour, bar, sprintf("%*s", 11 - i, ""), $3, $4 / 100
      total += $4
    }
    END {
      printf "\033[2m%s\033[0m\n", "───────────────────────────────────────────────"
      printf "\033[1;36m%-37s %9.2f\033[0m\n", "Total", total / 100
    }'
}

echo "Sales report, every ${REPORT_SECONDS:=30} seconds"
pause 8
while :; do
  report
  pause "$REPORT_SECONDS"
done
