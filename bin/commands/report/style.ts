/** The looks of a report: the palette of the pages, by what the reader prefers; on paper, always the light one. */
export const style = `
:root{color-scheme:light;--paper:#fbfaf7;--sunk:#f1efe9;--ink:#16181d;--soft:#565c67;--line:#8b877d;--rule:#e3dfd6;--accent:#1b54e6;--good:#0b7247;--bad:#b3261e;--warn:#7d5200}
@media screen and (prefers-color-scheme:dark){:root{color-scheme:dark;--paper:#0e1116;--sunk:#1b2028;--ink:#eef0f3;--soft:#a0a8b6;--line:#6b7483;--rule:#262d37;--accent:#8aabff;--good:#5bd69b;--bad:#ff8f86;--warn:#e6b655}}
*{box-sizing:border-box}
html{font:clamp(100%,.4vw + .7rem,150%)/1.55 "Golos Text Variable","Golos Text",system-ui,sans-serif;font-variant-numeric:tabular-nums lining-nums;-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);overflow-wrap:anywhere}
main{max-width:70rem;margin:0 auto;padding:1.5rem 1.5rem 4rem}
h1{font-size:1.9rem;line-height:1.15;letter-spacing:-.02em;font-weight:650;margin:1rem 0 .4rem}
h2{font-size:1.25rem;letter-spacing:-.01em;margin:2.5rem 0 .75rem}
p{margin:.4rem 0}.soft{color:var(--soft)}
.facts{display:flex;gap:1rem 2.2rem;flex-wrap:wrap;margin:1.25rem 0 0}
.facts div{min-width:5rem}dt{color:var(--soft);font-size:.85rem}dd{margin:0;font-weight:600;font-size:1.15rem}small{display:block;font-weight:400;font-size:.85rem;color:var(--soft)}
.facts .main dd{font-size:2rem;line-height:1.2;font-weight:650;letter-spacing:-.02em}.facts .main dd small{letter-spacing:0}
table{border-collapse:collapse;width:100%}.scroll{overflow-x:auto;overflow-wrap:normal}
th{vertical-align:bottom;font-weight:500;font-size:.85rem;color:var(--soft);text-align:left;padding:.4rem .6rem;border-bottom:1px solid var(--line)}
td.num,th{white-space:nowrap}th.num{white-space:normal}
td{padding:.45rem .6rem;border-bottom:1px solid var(--rule);vertical-align:baseline}
th:first-child,td:first-child{padding-left:0}.scroll td:first-child{min-width:8rem;overflow-wrap:anywhere}.num{text-align:right}
.better{color:var(--good)}.worse{color:var(--bad)}
.tops{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,17rem),1fr));gap:0 2.5rem}
.tops h4{font-size:1rem;margin:.5rem 0}h3{font-size:1.05rem;margin:1.25rem 0 .25rem}
.ranking tbody:not(:last-child) tr:last-child td,.ranking tbody:not(:last-child) .tie{border-bottom-color:var(--line)}.ranking td.place{width:1%;min-width:0}.tie{width:1%;vertical-align:middle;color:var(--soft);font-size:.85rem}.tie.tied{border-left:3px solid var(--line)}
.sides{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr));gap:.75rem 2rem;margin-top:.35rem}.sides h4{font-size:.9rem;margin:0;font-weight:600}.sides section{min-width:0}
.tops td{padding:.15rem .6rem;border:0}.tops td:first-child{padding-left:0}
button,select,input{font:inherit;color:inherit;background:var(--paper);border:1px solid var(--line);border-radius:.5rem;padding:.4rem .7rem;max-width:100%}
button{cursor:pointer}:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.pick{border:0;background:none;padding:.1rem .35rem;margin-left:-.35rem;text-align:left;border-radius:.35rem}.pick:hover{background:var(--sunk)}
#controls{display:flex;flex-wrap:wrap;gap:.75rem 1rem;align-items:end;position:sticky;top:0;background:var(--paper);padding:.6rem 0;border-bottom:1px solid var(--rule);z-index:1}
#controls[hidden],[hidden]{display:none!important}
#controls label{display:grid;font-size:.85rem;color:var(--soft);gap:.15rem}#controls label *{font-size:1rem;color:var(--ink);height:2.5rem}#controls>button,#shown{min-height:2.5rem;line-height:1.5}#shown{display:grid;align-items:center}#controls .wide{flex:1 1 14rem}
article{padding:1rem 0;border-bottom:1px solid var(--rule);content-visibility:auto;contain-intrinsic-size:auto 9rem}
article h3{font-size:1rem;margin:0}article p{margin:0;color:var(--soft);font-size:.9rem}.signs{margin-left:.8em}
.align{display:flex;flex-wrap:wrap;gap:.3rem .25rem;margin-top:.5rem}
.w{display:grid;grid-template-rows:1rem auto auto;padding:.15rem .35rem .25rem;border-radius:.35rem;text-align:center;min-width:1.4rem;max-width:100%}
.w i{font:600 .75rem/1rem ui-monospace,"SF Mono","Cascadia Mono","DejaVu Sans Mono",monospace}
.w .h{color:var(--soft)}
.sub{background:color-mix(in srgb,var(--bad) 11%,transparent)}.sub i,.sub .h{color:var(--bad)}
.del{background:color-mix(in srgb,var(--warn) 13%,transparent)}.del i,.del .r{color:var(--warn)}
.ins{background:color-mix(in srgb,var(--accent) 11%,transparent)}.ins i,.ins .h{color:var(--accent)}
.legend{display:flex;flex-wrap:wrap;gap:.3rem 1rem;align-items:baseline}.legend span{padding:0 .45rem;border-radius:.35rem}.legend b{font-family:ui-monospace,"DejaVu Sans Mono",monospace}
.legend .sub b{color:var(--bad)}.legend .del b{color:var(--warn)}.legend .ins b{color:var(--accent)}
#more{margin-top:1rem}
@media(max-width:40rem){main{padding:1rem 1rem 3rem}h1{font-size:1.5rem}#controls{position:static}.facts{gap:1rem 1.5rem}}
@media print{#controls,#more{display:none!important}main{max-width:none;padding:0}article{break-inside:avoid}html{font-size:10pt}.sub,.del,.ins{outline:1px solid currentColor}}
`;
