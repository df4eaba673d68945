/** How a journey looks, as a picture and as a list. */
export const LADDER_STYLE = `
.direction { font-weight: 700; font-size: .9rem; margin: .75rem 0 .25rem }
code, .ladder text, .path code { font-family: var(--mono); font-size: .85em }
figure { margin: 1rem 0 }
figcaption { font-weight: 600; margin-bottom: .35rem }
.scroll {
  overflow-x: auto;
  border: 1px solid var(--line);
  border-radius: .5rem;
  background: var(--ground);
  padding: .25rem;
}
.ladder { display: block; margin: 0 auto }
.ladder text {
  font-size: 12px;
  fill: var(--text);
  white-space: pre;
  paint-order: stroke;
  stroke: var(--ground);
  stroke-width: 5px;
  stroke-linejoin: round;
}
.ladder .group { fill: var(--raised); stroke: var(--line) }
.ladder .group-name { text-anchor: middle; font-weight: 700; stroke: none }
.ladder .point { text-anchor: middle; stroke: none }
.ladder .life { stroke: var(--line); stroke-width: 1.5; fill: none }
.ladder .way { font-family: inherit; font-size: 13px; font-weight: 700; fill: var(--quiet) }
.hops { color: var(--text) }
.hops.good { color: var(--good) }
.hops.bad { color: var(--bad) }
.hops.doubtful { color: var(--doubtful) }
.hops.faint { color: var(--quiet) }
.ladder .hops text { fill: currentColor }
.hops .line, .hops .cross { stroke: currentColor; stroke-width: 2; fill: none }
.hops .head { fill: currentColor }
.hops.bad .line { stroke-width: 2.75 }
.hops.absent .line { stroke-dasharray: 7 5 }
.hops.absent.faint .line { stroke-dasharray: 2 5 }
.hops.absent .head { fill: var(--ground); stroke: currentColor; stroke-width: 1.5 }
.hops .cross { stroke-width: 3 }
.rewrite rect { fill: var(--raised); stroke: var(--quiet) }
.ladder .rewrite text { stroke: none }
.rewrite .between { stroke: var(--quiet); stroke-width: 5; fill: none }
.rewrite.bad rect {
  fill: var(--bad-ground);
  stroke: var(--bad);
  stroke-dasharray: 6 4;
  stroke-width: 1.5;
}
.rewrite.bad .between { stroke: var(--bad) }
.rewrite.open rect { fill: var(--ground); stroke-dasharray: 2 4 }
.ladder .rewrite.open text { fill: var(--quiet) }
.rewrite.bad text:first-of-type { fill: var(--bad); font-weight: 700 }
.rewrite.done text:first-of-type { font-weight: 700 }
.steps > summary { color: var(--link) }
.way { list-style: none; padding: 0; margin: .25rem 0 .75rem }
.way li { border-left: 3px solid var(--line); padding: .1rem 0 .55rem .85rem; position: relative }
.way li::before {
  content: "";
  position: absolute;
  left: -.42rem;
  top: .5rem;
  width: .55rem;
  height: .55rem;
  border-radius: 50%;
  background: var(--quiet);
}
.way li.bad { border-left-color: var(--bad) }
.way li.bad::before { background: var(--bad) }
.way li.good::before { background: var(--good) }
.way li.doubtful::before { background: var(--doubtful) }
.way li.rewrite::before { border-radius: 0; background: var(--text) }
.way li.rewrite { background: var(--raised); color: var(--text) }
.way li { color: var(--text) }
.way li.bad .outcome, .way li.rewrite.bad > b { color: var(--bad); font-weight: 700 }
.way li.good .outcome { color: var(--good) }
.way li.doubtful .outcome { color: var(--doubtful) }
.way p { margin: .1rem 0; font-size: .9rem }
.facts { color: var(--quiet) }
.pair span { display: inline-block; min-width: 5.2rem; color: var(--quiet); font-size: .9rem }
`;
