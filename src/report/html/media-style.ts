/** What is another on a narrow screen, on paper, and for who is not disturbed by motion. */
export const MEDIA_STYLE = `
@media screen and (max-width: 47.99em) {
  body { padding: .75rem .75rem 2rem }
  .scroll { display: none }
  .failure, .summary { padding: .75rem }
  dl { grid-template-columns: minmax(0,1fr) }
  dt, dd { grid-column: 1 }
  dt { margin-top: .3rem; font-size: .85rem }
  .steps > summary { font-weight: 600 }
  table, caption, tbody, tr, td { display: block }
  td, td[data-column] { min-width: 0; overflow-wrap: anywhere }
  thead { position: absolute; left: -200vw }
  tr { border-bottom: 1px solid var(--line); padding: .4rem 0 }
  td { border: 0; padding: .05rem 0 .05rem 6rem; position: relative; min-height: 1.5em }
  td::before { content: attr(data-column); position: absolute; left: 0; color: var(--quiet) }
  .detail { padding-left: .25rem }
}
@media (prefers-reduced-motion: no-preference) {
  html { scroll-behavior: smooth }
}
@page { margin: 13mm }
@media print {
  body { max-width: none; padding: 0; font-size: 10.5pt }
  form, .steps > summary, button, .needs-script, .skip, .whom a { display: none }
  details::details-content { content-visibility: visible; display: block }
  .scroll { overflow: visible; border: 0; padding: 0 }
  .ladder { max-width: 100%; height: auto }
  .failure, .summary { border-left-width: .35rem }
  td, td[data-column] { min-width: 0; overflow-wrap: anywhere }
  h2, h3, figcaption, .direction { break-after: avoid }
  .way li, tr, .scroll, dl.check { break-inside: avoid }
  a { color: inherit }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact }
}
`;
