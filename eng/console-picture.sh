#!/usr/bin/env bash
# Draws docs/images/console.png: the console app in a terminal of 80 columns, while it trains.
# It needs tmux, aha, Chromium and a font: apt-get install tmux aha chromium fonts-dejavu-core
set -euo pipefail
cd "$(dirname "$0")/.."
picture=$PWD/docs/images/console.png
page=$(mktemp --suffix .html)
screen() { tmux -L console-picture "$@"; }
trap 'rm -f "$page"; screen kill-server 2> /dev/null || true' EXIT

dotnet build -c Release samples/BinaryConnect.Samples.Mnist
app=$PWD/samples/BinaryConnect.Samples.Mnist/bin/Release/net10.0/BinaryConnect.Samples.Mnist
screen -f /dev/null new-session -d -x 80 -y 37 "env -u NO_COLOR TERM=xterm-256color '$app' mlp --hidden 256x2 --epochs 20"
until screen capture-pane -p | grep -q ' 8/20 '; do sleep 0.1; done
sleep 1
screen capture-pane -e -p \
    | aha --black --style "margin: 0; padding: 10px 14px; font: 15px/18px 'DejaVu Sans Mono'" \
    | sed 's/<pre>/<pre style="margin: 0; font: inherit">/' > "$page"
chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size=756,660 --screenshot="$picture" "file://$page" 2> /dev/null
