/**
 * The page's style sheet. Colours of text have a contrast of at least 4.5 to their ground (WCAG 2.2
 * §1.4.3), and say nothing that a word or a mark does not say.
 */
export const STYLE = `
:root{color-scheme:light dark;--ground:#fff;--raised:#f5f7f9;--line:#c9d1d9;--text:#1b1f24;--quiet:#535c66;
--bad:#b3141d;--bad-ground:#fdeeee;--good:#17652f;--good-ground:#eaf6ee;--doubtful:#7a4b00;--doubtful-ground:#fdf4e0;--link:#0b57a4;
--mono:ui-monospace,"DejaVu Sans Mono","Cascadia Mono",Menlo,Consolas,"Liberation Mono",monospace}
@media screen and (prefers-color-scheme:dark){:root{--ground:#14171b;--raised:#1d2127;--line:#3d454f;--text:#e6e9ed;--quiet:#a3adb8;
--bad:#ff938b;--bad-ground:#33191b;--good:#74d78f;--good-ground:#13291a;--doubtful:#f0ba62;--doubtful-ground:#2e2411;--link:#82bbff}}
*{box-sizing:border-box}
body{margin:0 auto;padding:1rem 1.25rem 3rem;max-width:84rem;background:var(--ground);color:var(--text);
font:16px/1.5 system-ui,"Segoe UI",Roboto,"Helvetica Neue","DejaVu Sans",sans-serif;overflow-wrap:anywhere}
h1{font-size:1.35rem;line-height:1.3;margin:0 0 .5rem}h2{font-size:1.2rem;margin:2.25rem 0 .75rem}
h3{font-size:1.05rem;margin:0 0 .35rem}.direction{font-weight:700;font-size:.9rem;margin:.75rem 0 .25rem}
p{margin:.35rem 0}ul,ol{padding-left:1.4rem;margin:.35rem 0}
a{color:var(--link)}code,.ladder text,.path code{font-family:var(--mono);font-size:.85em}
code{direction:ltr;unicode-bidi:isolate;white-space:pre-wrap}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:3px}
.skip{position:absolute;left:-100vw}.skip:focus{position:static}
.good{color:var(--good)}.bad{color:var(--bad)}.doubtful{color:var(--doubtful)}.strong{color:inherit}
.summary{border:1px solid var(--line);border-left:.5rem solid currentColor;border-radius:.5rem;padding:1rem 1.25rem;background:var(--raised)}
.summary.bad{background:var(--bad-ground)}.summary.good{background:var(--good-ground)}.summary.doubtful{background:var(--doubtful-ground)}
.summary>*{color:var(--text)}.summary.bad .word{color:var(--bad)}.summary.good .word{color:var(--good)}.summary.doubtful .word{color:var(--doubtful)}
.word{font-weight:800;letter-spacing:.02em;margin-right:.35rem}
.incomplete{font-weight:700}
.bar{display:block;width:100%;height:.6rem;margin:.75rem 0 .35rem;border-radius:.3rem}
.bar rect{fill:currentColor}
.counts{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem}
.verdict{font-weight:700;white-space:nowrap}.code{font-family:var(--mono)}
.overview{margin-top:.75rem}.overview li{margin:.4rem 0}.overview a{font-weight:600}.overview p{margin:.1rem 0}
.number{color:var(--quiet);white-space:nowrap}.summary .number{color:var(--text)}
.failure{border:1px solid var(--line);border-left:.35rem solid var(--bad);border-radius:.5rem;padding:1rem 1.25rem;margin:0 0 1.25rem}
dl{margin:.5rem 0;display:grid;grid-template-columns:6rem minmax(0,1fr);gap:.15rem .75rem}
dt{grid-column:1;color:var(--quiet)}dd{grid-column:2;margin:0}dt.cause+dd,dt.cause~dd{font-weight:inherit}dt.cause{color:var(--bad);font-weight:700}
dl.check{border-top:1px solid var(--line);padding-top:.5rem}
figure{margin:1rem 0}figcaption{font-weight:600;margin-bottom:.35rem}
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:.5rem;background:var(--ground);padding:.25rem}
.ladder{display:block;margin:0 auto}
.ladder text{font-size:12px;fill:var(--text);white-space:pre;paint-order:stroke;stroke:var(--ground);stroke-width:5px;stroke-linejoin:round}
.ladder .group{fill:var(--raised);stroke:var(--line)}.ladder .group-name{text-anchor:middle;font-weight:700;stroke:none}
.ladder .point{text-anchor:middle;stroke:none}
.ladder .life{stroke:var(--line);stroke-width:1.5;fill:none}
.ladder .way{font-family:inherit;font-size:13px;font-weight:700;fill:var(--quiet)}
.hops{color:var(--text)}.hops.good{color:var(--good)}.hops.bad{color:var(--bad)}.hops.doubtful{color:var(--doubtful)}.hops.faint{color:var(--quiet)}
.hops text{fill:currentColor!important}.hops .line,.hops .cross{stroke:currentColor;stroke-width:2;fill:none}.hops .head{fill:currentColor}
.hops.bad .line{stroke-width:2.75}.hops.absent .line{stroke-dasharray:7 5}.hops.absent.faint .line{stroke-dasharray:2 5}.hops.absent .head{fill:var(--ground);stroke:currentColor;stroke-width:1.5}
.hops .cross{stroke-width:3}
.rewrite rect{fill:var(--raised);stroke:var(--quiet)}.ladder .rewrite text{stroke:none}.rewrite .between{stroke:var(--quiet);stroke-width:5;fill:none}
.rewrite.bad rect{fill:var(--bad-ground);stroke:var(--bad);stroke-dasharray:6 4;stroke-width:1.5}.rewrite.bad .between{stroke:var(--bad)}
.rewrite.open rect{fill:var(--ground);stroke-dasharray:2 4}.ladder .rewrite.open text{fill:var(--quiet)}
.rewrite.bad text:first-of-type{fill:var(--bad);font-weight:700}.rewrite.done text:first-of-type{font-weight:700}
summary{cursor:pointer;padding:.25rem 0}.steps>summary{color:var(--link)}
.way{list-style:none;padding:0;margin:.25rem 0 .75rem}
.way li{border-left:3px solid var(--line);padding:.1rem 0 .55rem .85rem;position:relative}
.way li::before{content:"";position:absolute;left:-.42rem;top:.5rem;width:.55rem;height:.55rem;border-radius:50%;background:var(--quiet)}
.way li.bad{border-left-color:var(--bad)}.way li.bad::before{background:var(--bad)}.way li.good::before{background:var(--good)}.way li.doubtful::before{background:var(--doubtful)}
.way li.rewrite::before{border-radius:0;background:var(--text)}.way li.rewrite{background:var(--raised);color:var(--text)}
.way li.rewrite.bad>b,.way li.bad .outcome,.way li.good .outcome,.way li.doubtful .outcome{color:inherit}
.way li{color:var(--text)}.way li.bad .outcome,.way li.rewrite.bad>b{color:var(--bad);font-weight:700}.way li.good .outcome{color:var(--good)}.way li.doubtful .outcome{color:var(--doubtful)}
.way p{margin:.1rem 0;font-size:.9rem}.facts{color:var(--quiet)}.pair span{display:inline-block;min-width:5.2rem;color:var(--quiet);font-size:.9rem}
table{border-collapse:collapse;width:100%;font-size:.875rem}caption{text-align:left;color:var(--quiet);padding:.15rem 0}
th,td{text-align:left;vertical-align:top;padding:.3rem .75rem .3rem 0;border-bottom:1px solid var(--line)}th{color:var(--quiet);font-weight:600}
td{overflow-wrap:anywhere;min-width:4.5rem}td[data-column=id],td[data-column=verdict]{white-space:nowrap}td[data-column=evidence],td[data-column=rule],td[data-column=observed]{min-width:12rem}td[data-column=check]{min-width:9rem}td[data-column=in],td[data-column=scenario]{min-width:7rem}
.texts li{margin:.2rem 0}
form{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:end;margin:.5rem 0}form[hidden]{display:none}
form label{display:flex;flex-direction:column;font-size:.9rem;color:var(--quiet);min-width:0;max-width:100%}form label.search{flex:1 1 18rem}
input,select,button{font:inherit;color:inherit;background:var(--ground);border:1px solid var(--quiet);border-radius:.35rem;padding:.35rem .6rem;max-width:100%;min-width:0}
form input,form select{color:var(--text);width:100%}
button{cursor:pointer;background:var(--raised);margin:.5rem 0}
.kind{border:1px solid var(--line);border-radius:.5rem;margin:.5rem 0;padding:.25rem .75rem}.kind>summary{font-weight:600}
.rows{list-style:none;padding:0;margin:.25rem 0}.rows>li{border-top:1px solid var(--line);padding:.15rem 0}
.rows summary .id{font-weight:700;display:inline-block;min-width:3.5rem}.rows summary .of{color:var(--quiet);margin-right:.75rem}
.detail{padding:.25rem 0 .75rem 1rem}
footer{margin-top:2.5rem;color:var(--quiet);font-size:.9rem}
@media screen and (max-width:47.99em){body{padding:.75rem .75rem 2rem}.scroll{display:none}.failure,.summary{padding:.75rem}
dl{grid-template-columns:minmax(0,1fr)}dt,dd{grid-column:1}dt{margin-top:.3rem;font-size:.85rem}
.steps>summary{font-weight:600}
table,caption,tbody,tr,td{display:block}td,td[data-column]{min-width:0;overflow-wrap:anywhere}thead{position:absolute;left:-200vw}tr{border-bottom:1px solid var(--line);padding:.4rem 0}
td{border:0;padding:.05rem 0 .05rem 6rem;position:relative;min-height:1.5em}td::before{content:attr(data-column);position:absolute;left:0;color:var(--quiet)}
.detail{padding-left:.25rem}}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
@page{margin:13mm}
@media print{body{max-width:none;padding:0;font-size:10.5pt}form,.steps>summary,.kind>summary::marker,button,.needs-script,.skip,.whom a{display:none}
details::details-content{content-visibility:visible;display:block}.scroll{overflow:visible;border:0;padding:0}
.ladder{max-width:100%;height:auto}.failure,.summary{border-left-width:.35rem}.failure{break-inside:auto}
td,td[data-column]{min-width:0;overflow-wrap:anywhere}h2,h3,figcaption,.direction{break-after:avoid}.way li,tr,.scroll,dl.check{break-inside:avoid}a{color:inherit}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`;
