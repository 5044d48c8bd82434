import type { OfficialColumn, OfficialShape } from '../../../platform/regulation/official-csv.ts'

const text = (name: string): OfficialColumn => ({ name, kind: 'text' })
const integer = (name: string): OfficialColumn => ({ name, kind: 'integer' })
const moment = (name: string): OfficialColumn => ({ name, kind: 'moment' })
const hundredths = (name: string): OfficialColumn => ({ name, kind: 'decimal', decimals: 2 })
const optional = (column: OfficialColumn): OfficialColumn => ({ ...column, optional: true })

const generated: OfficialColumn = { name: 'DatGeracaoConjuntoDados', kind: 'day', optional: true }
const conjunto = [text('IdeConjUndConsumidoras'), text('DscConjUndConsumidoras')]
const agent = [text('SigAgente'), text('NumCNPJ')]
const index = [text('SigIndicador'), integer('AnoIndice'), integer('NumPeriodoIndice'), hundredths('VlrIndiceEnviado')]

const writing = { separator: ';', encoding: 'iso-8859-1' } as const
const doubtOfWriting =
  'Separator, encoding, decimal comma and moments (YYYY-MM-DD HH:MM:SS) are those with which public programs read the files of ANEEL; quotation marks only where needed: some published files quote every text.'

/** DEC, FEC, their parcels and the number of consumer units, by conjunto and month. */
export const collectiveShape: OfficialShape = {
  resource: 'indicadores-continuidade-coletivos',
  ...writing,
  columns: [generated, ...conjunto, ...agent, ...index],
  source:
    'Data set indicadores-coletivos-de-continuidade-dec-e-fec of dadosabertos.aneel.gov.br, resource …-2020-2029 (two public sources)',
  doubts: [
    doubtOfWriting,
    'NumCon is the number of consumer units of the conjunto, written with two decimals as all values of this set.',
    'DEC and FEC are taken to be the comparable ones: the sum of IP and IND as they are published.',
  ],
}

/** Yearly limits of DEC and FEC, by conjunto. */
export const limitShape: OfficialShape = {
  resource: 'indicadores-continuidade-coletivos-limite',
  ...writing,
  columns: [
    generated,
    ...agent,
    ...conjunto,
    text('SigIndicador'),
    integer('AnoLimiteQualidade'),
    hundredths('VlrLimite'),
  ],
  source: 'Same data set (one public source); the order of the columns by a public program that makes such rows',
  doubts: [doubtOfWriting],
}

/** What was paid for interruptions, and to how many, by conjunto, month and kind of unit. */
export const compensationShape: OfficialShape = {
  resource: 'indicadores-continuidade-coletivos-compensacao',
  ...writing,
  columns: [generated, ...conjunto, ...agent, ...index],
  source: 'Same data set, resource …-compensacao-2020-2029 (one public source, verified on the data)',
  doubts: [
    doubtOfWriting,
    'PG is R$, QT is taken to be the number of payments: of units without a suffix, of events with DC and DS.',
    'T and A (quarter, year) are read and not written: since 2022 nothing is due for them; what they came to before is in no file.',
    'A unit whose area is not known counts as urban.',
  ],
}

/** How long emergency services took, how many there were, and critical days, by conjunto and month. */
export const serviceShape: OfficialShape = {
  resource: 'atendimento-ocorrencias-emergenciais',
  ...writing,
  columns: [generated, ...conjunto, ...agent, ...index],
  source: 'Data set atendimento-ocorrencias-emergenciais (one public source for the codes)',
  doubts: [
    doubtOfWriting,
    'Only the codes are known: the columns are taken to be those of the sister sets of indicators.',
    'Nie: occurrences with an interruption. Codes are read whatever their capitals are.',
  ],
}

/** Interruptions as they were published to 2025. */
export const interruptionShape18: OfficialShape = {
  resource: 'interrupcoes-energia-eletrica',
  ...writing,
  columns: [
    generated,
    text('IdeConjuntoUnidadeConsumidora'),
    text('DscConjuntoUnidadeConsumidora'),
    optional(text('DscAlimentadorSubestacao')),
    optional(text('DscSubestacaoDistribuicao')),
    text('NumOrdemInterrupcao'),
    text('DscTipoInterrupcao'),
    integer('IdeMotivoInterrupcao'),
    moment('DatInicioInterrupcao'),
    moment('DatFimInterrupcao'),
    text('DscFatoGeradorInterrupcao'),
    optional(hundredths('NumNivelTensao')),
    integer('NumUnidadeConsumidora'),
    integer('NumConsumidorConjunto'),
    integer('NumAno'),
    text('NomAgenteRegulado'),
    text('SigAgente'),
    text('NumCPFCNPJ'),
  ],
  source:
    'Data set interrupcoes-energia-eletrica-nas-redes-de-distribuicao, files to 2025 (a published row of 2017 is reproduced in a public program)',
  doubts: [
    doubtOfWriting,
    'IdeMotivoInterrupcao: 0 to 8 in the order of DscMotivoExpurgo, as a public program maps the two layouts onto each other.',
    'DscFatoGeradorInterrupcao has origin, kind, cause and detail with " - " between them, as about 90 % of the published rows.',
    'NumNivelTensao: volts in the published row; here the highest nominal or contracted voltage of the units.',
  ],
}

/** Interruptions as they are published from 2026 on. */
export const interruptionShape26: OfficialShape = {
  resource: 'interrupcoes-energia-eletrica',
  ...writing,
  columns: [
    generated,
    text('NumCNPJDistribuidora'),
    text('NomAgente'),
    text('SigAgente'),
    optional(integer('CodMunicipioIBGE')),
    text('CodInterrupcao'),
    optional(text('CodEvento')),
    optional(text('CodOcorrencia')),
    text('CodConjUnidadeConsumidora'),
    text('DscConjuntoUnidadeConsumidora'),
    optional(text('CodAlimentador')),
    optional(text('CodSubestacao')),
    integer('AnoCompetencia'),
    integer('MesCompetencia'),
    optional(text('DscLocalizacaoInterrupcao')),
    text('DscMotivoExpurgo'),
    moment('DatInicioInterrupcao'),
    moment('DatFimInterrupcao'),
    text('DscFatoGeradorOrigem'),
    text('DscFatoGeradorTipo'),
    optional(text('DscFatoGeradorCausa')),
    optional(text('DscFatoGeradorDetalhe')),
    optional(hundredths('NumNivelTensao')),
    integer('QtdConsumidoresAfetados'),
    integer('QtdConsumidoresAtivos'),
    optional(text('DscTipoElementoInterrompido')),
  ],
  source:
    'Same data set, files from 2026 on: columns and the words of DscMotivoExpurgo as three public programs read them',
  doubts: [
    doubtOfWriting,
    'A line is of one conjunto and one municipality: published is one CodMunicipioIBGE a line.',
    'An interruption that is counted in two months (option continuity-month-crossing: split) has a line in each, both with its true beginning and end.',
    'DscLocalizacaoInterrupcao stays empty: its words are not known. Those of DscTipoElementoInterrompido are ours.',
  ],
}
