import type { OfficialColumn, OfficialShape } from '../../../platform/regulation/official-csv.ts'

const generated: OfficialColumn = { name: 'DatGeracaoConjuntoDados', kind: 'day', optional: true }
const agent: readonly OfficialColumn[] = [
  { name: 'SigAgente', kind: 'text' },
  { name: 'NumCNPJ', kind: 'text' },
]
const index: readonly OfficialColumn[] = [
  { name: 'SigIndicador', kind: 'text' },
  { name: 'AnoIndice', kind: 'integer' },
  { name: 'NumPeriodoIndice', kind: 'integer' },
  { name: 'VlrIndiceEnviado', kind: 'decimal', decimals: 2 },
]

/** What the data sets of the regulator have in common in their writing. */
const writing = { separator: ';', encoding: 'iso-8859-1' } as const
const doubtsOfWriting = [
  'Separator, encoding and decimal comma are those of the sister sets of ANEEL that could be read (two public programs read these files); quotation marks only where needed: some published files quote every text.',
  'Two decimals in VlrIndiceEnviado: so the continuity indicators; of the voltage indicators the data dictionary says text. Percentages are cut, not rounded, as in a published letter.',
]

/** DRP and DRC of the drawn consumer units, and ICC of their sample, by quarter. */
export const indicatorShape: OfficialShape = {
  resource: 'indicadores-conformidade-nivel-tensao',
  ...writing,
  columns: [generated, ...agent, { name: 'CodUndCnmSrt', kind: 'text', optional: true }, ...index],
  source:
    'Data set indicadores-de-conformidade-do-nivel-de-tensao-em-regime-permanente of dadosabertos.aneel.gov.br: seven columns by its catalogue (one source), behind DatGeracaoConjuntoDados (a public program takes the value from the eighth column; another counts eight)',
  doubts: [
    ...doubtsOfWriting,
    'The codes DRP and DRC are called monthly in the table of indicators of ANEEL (dominio-indicadores, 2026-06-25), DRPt and DRCt are not; the set is said to be by quarter. Written are DRP and DRC with the number of the quarter; both are read.',
    'ICC is of the whole sample: its row has no CodUndCnmSrt. DRPE and DRCE have no code in that table and are not written.',
    'CodUndCnmSrt is a number at ANEEL; written is the identifier of the unit in the registry.',
  ],
}

/** Compensation that was paid for DRP and DRC, by conjunto and month. */
export const compensationShape: OfficialShape = {
  resource: 'indicadores-compensacao-nivel-tensao',
  ...writing,
  columns: [
    generated,
    { name: 'IdeConjUndConsumidoras', kind: 'text', optional: true },
    { name: 'DscConjUndConsumidoras', kind: 'text', optional: true },
    ...agent,
    ...index,
  ],
  source:
    'Same data set: IdeConjUndConsumidoras, DscConjUndConsumidoras and SigIndicador by its catalogue (one source); the other columns, and the order, are those of indicadores-continuidade-coletivos (two sources), for all sets of quality have one form',
  doubts: [
    ...doubtsOfWriting,
    'COMPCONF is the one code for this compensation in the table of indicators of ANEEL (dominio-indicadores, 2026-06-25); its catalogue speaks of variants that it does not name.',
    'NumPeriodoIndice is taken to be the month: the data dictionary (version 1.1, 2025-06-27) speaks of payments by a period in months.',
    'The registry has no conjuntos of consumer units yet: the two columns stay empty, and a row is of the whole distributor.',
  ],
}
