/** How the page looks on a wide screen, in light and in dark. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --ground: #fff;
  --raised: #f5f7f9;
  --line: #c9d1d9;
  --text: #1b1f24;
  --quiet: #535c66;
  --bad: #b3141d;
  --bad-ground: #fdeeee;
  --good: #17652f;
  --good-ground: #eaf6ee;
  --doubtful: #7a4b00;
  --doubtful-ground: #fdf4e0;
  --link: #0b57a4;
  --mono: ui-monospace, "DejaVu Sans Mono", "Cascadia Mono", Menlo, Consolas, "Liberation Mono",
    monospace;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --ground: #14171b;
    --raised: #1d2127;
    --line: #3d454f;
    --text: #e6e9ed;
    --quiet: #a3adb8;
    --bad: #ff938b;
    --bad-ground: #33191b;
    --good: #74d78f;
    --good-ground: #13291a;
    --doubtful: #f0ba62;
    --doubtful-ground: #2e2411;
    --link: #82bbff;
  }
}
* { box-sizing: border-box }
body {
  margin: 0 auto;
  padding: 1rem 1.25rem 3rem;
  max-width: 84rem;
  background: var(--ground);
  color: var(--text);
  font: 16px/1.5 system-ui,"Segoe UI",Roboto,"Helvetica Neue","DejaVu Sans",sans-serif;
  overflow-wrap: anywhere;
}
h1 { font-size: 1.35rem; line-height: 1.3; margin: 0 0 .5rem }
h2 { font-size: 1.2rem; margin: 2.25rem 0 .75rem }
h3 { font-size: 1.05rem; margin: 0 0 .35rem }
p { margin: .35rem 0 }
ul, ol { padding-left: 1.4rem; margin: .35rem 0 }
a { color: var(--link) }
code { direction: ltr; unicode-bidi: isolate; white-space: pre-wrap }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 3px }
.skip { position: absolute; left: -100vw }
.skip:focus { position: static }
.good { color: var(--good) }
.bad { color: var(--bad) }
.doubtful { color: var(--doubtful) }
.strong { color: inherit }
.summary {
  border: 1px solid var(--line);
  border-left: .5rem solid currentColor;
  border-radius: .5rem;
  padding: 1rem 1.25rem;
  background: var(--raised);
}
.summary.bad { background: var(--bad-ground) }
.summary.good { background: var(--good-ground) }
.summary.doubtful { background: var(--doubtful-ground) }
.summary > * { color: var(--text) }
.summary.bad .word { color: var(--bad) }
.summary.good .word { color: var(--good) }
.summary.doubtful .word { color: var(--doubtful) }
.word { font-weight: 800; letter-spacing: .02em; margin-right: .35rem }
.incomplete { font-weight: 700 }
.bar { display: block; width: 100%; height: .6rem; margin: .75rem 0 .35rem; border-radius: .3rem }
.bar rect { fill: currentColor }
.counts { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem }
.verdict { font-weight: 700; white-space: nowrap }
.code { font-family: var(--mono) }
.overview { margin-top: .75rem }
.overview li { margin: .4rem 0 }
.overview a { font-weight: 600 }
.overview p { margin: .1rem 0 }
.number { color: var(--quiet); white-space: nowrap }
.summary .number { color: var(--text) }
.failure {
  border: 1px solid var(--line);
  border-left: .35rem solid var(--bad);
  border-radius: .5rem;
  padding: 1rem 1.25rem;
  margin: 0 0 1.25rem;
}
dl {
  margin: .5rem 0;
  display: grid;
  grid-template-columns: 6rem minmax(0,1fr);
  gap: .15rem .75rem;
}
dt { grid-column: 1; color: var(--quiet) }
dd { grid-column: 2; margin: 0 }
dt.cause { color: var(--bad); font-weight: 700 }
dl.check { border-top: 1px solid var(--line); padding-top: .5rem }
summary { cursor: pointer; padding: .25rem 0 }
table { border-collapse: collapse; width: 100%; font-size: .875rem }
caption { text-align: left; color: var(--quiet); padding: .15rem 0 }
th, td {
  text-align: left;
  vertical-align: top;
  padding: .3rem .75rem .3rem 0;
  border-bottom: 1px solid var(--line);
}
th { color: var(--quiet); font-weight: 600 }
td { overflow-wrap: anywhere; min-width: 4.5rem }
td[data-column=id], td[data-column=verdict] { white-space: nowrap }
td[data-column=evidence], td[data-column=rule], td[data-column=observed] { min-width: 12rem }
td[data-column=check] { min-width: 9rem }
td[data-column=in], td[data-column=scenario] { min-width: 7rem }
.texts li { margin: .2rem 0 }
form { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: end; margin: .5rem 0 }
form[hidden] { display: none }
form label {
  display: flex;
  flex-direction: column;
  font-size: .9rem;
  color: var(--quiet);
  min-width: 0;
  max-width: 100%;
}
form label.search { flex: 1 1 18rem }
input, select, button {
  font: inherit;
  color: inherit;
  background: var(--ground);
  border: 1px solid var(--quiet);
  border-radius: .35rem;
  padding: .35rem .6rem;
  max-width: 100%;
  min-width: 0;
}
form input, form select { color: var(--text); width: 100% }
button { cursor: pointer; background: var(--raised); margin: .5rem 0 }
.kind {
  border: 1px solid var(--line);
  border-radius: .5rem;
  margin: .5rem 0;
  padding: .25rem .75rem;
}
.kind > summary { font-weight: 600 }
.rows { list-style: none; padding: 0; margin: .25rem 0 }
.rows > li { border-top: 1px solid var(--line); padding: .15rem 0 }
.rows summary .id { font-weight: 700; display: inline-block; min-width: 3.5rem }
.rows summary .of { color: var(--quiet); margin-right: .75rem }
.detail { padding: .25rem 0 .75rem 1rem }
footer { margin-top: 2.5rem; color: var(--quiet); font-size: .9rem }
`;
