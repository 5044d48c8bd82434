import type { ExplainedMoney } from '../../../platform/regulation/money.ts'
import type { BandLimits } from './bands.ts'
import type { CompletedMeasurement, LetterBlock, LetterFacts, LetterSection } from './letter.ts'
import type { LetterRecord } from './letter-record.ts'
import { counted, instant, listed, money, number, percent, shortDay, sourceWords, volts } from './letter-words.ts'
import { publishedPct } from './percentages.ts'

/** What stands in the letter, section by section. */
export const sectionsOf = (facts: LetterFacts, record: LetterRecord): readonly LetterSection[] => [
  resultSection(facts, record),
  measurementSection(facts),
  bandSection(facts.measurement),
  indicatorSection(facts, record),
  ...(record.drpViolated || record.drcViolated ? [dutySection(facts), compensationSection(facts)] : []),
  complaintSection(facts),
]

const paragraph = (text: string): LetterBlock => ({ kind: 'paragraph', text })

function resultSection({ measurement }: LetterFacts, record: LetterRecord): LetterSection {
  const broken = [...(record.drpViolated ? ['DRP'] : []), ...(record.drcViolated ? ['DRC'] : [])]
  const verdict =
    broken.length === 0
      ? 'A tensão na sua unidade consumidora esteve dentro dos limites durante a medição.'
      : `A tensão na sua unidade consumidora esteve fora dos limites durante a medição: ${
          broken.length === 1
            ? 'foi ultrapassado o limite do indicador'
            : 'foram ultrapassados os limites dos indicadores'
        } ${listed(broken)}.`
  return {
    heading: broken.length === 0 ? 'Resultado: dentro dos limites' : 'Resultado: fora dos limites',
    blocks: [
      paragraph(verdict),
      ...(broken.length > 0 && measurement.compensation
        ? [
            paragraph(
              `Compensação por um mês: ${money(measurement.compensation.amountBrl)}. O cálculo está nesta carta.`,
            ),
          ]
        : []),
      paragraph(
        `Medimos a tensão em regime permanente na unidade consumidora ${measurement.unitId}, conforme o Módulo 8 do PRODIST, da ANEEL. Esta carta mostra o que foi medido, o que isso significa e o que fazer se você não concordar.`,
      ),
    ],
  }
}

const kinds = {
  sample: 'Amostra trimestral (unidade sorteada)',
  complaint: 'Reclamação do consumidor',
  inspection: 'Inspeção da distribuidora',
} as const

const classes = {
  BT: 'Baixa tensão (BT), até 2,3 kV',
  MT: 'Média tensão (MT), acima de 2,3 kV e abaixo de 69 kV',
  AT: 'Alta tensão (AT), 69 kV ou mais',
} as const

function measurementSection({ measurement, timeZone }: LetterFacts): LetterSection {
  const { kind, protocol, start, end, valid, invalid, instrument, referenceV, measuredBetween, voltageClass } =
    measurement
  const calibrated = instrument.calibratedOn
    ? `calibrado em ${shortDay(instrument.calibratedOn)}`
    : 'data de calibração não informada'
  const replaced =
    invalid === 0
      ? 'nenhuma inválida'
      : `${counted(invalid, 'inválida, substituída pela seguinte', 'inválidas, substituídas pelas seguintes')}`
  return {
    heading: 'A medição',
    blocks: [
      {
        kind: 'facts',
        caption: 'Dados da medição',
        rows: [
          ['Medição', measurement.id],
          ['Unidade consumidora', measurement.unitId],
          ['Motivo', kinds[kind]],
          ...(protocol === null ? [] : [['Protocolo', protocol] as const]),
          ['Período', `${instant(start, timeZone)} até ${instant(end, timeZone)} (fuso horário ${timeZone})`],
          ['Leituras de 10 minutos', `${counted(valid, 'válida', 'válidas')}; ${replaced}`],
          [
            'Instrumento',
            `Classe ${instrument.class} (IEC 61000-4-30), número de série ${instrument.serial}, ${calibrated}`,
          ],
          [
            'Tensão de referência',
            `${volts(referenceV)}, entre ${measuredBetween === 'phase_neutral' ? 'fase e neutro' : 'fases'}`,
          ],
          ['Classe de tensão', classes[voltageClass]],
        ],
      },
    ],
  }
}

function bandSection({ bandLimits, phases, valid }: CompletedMeasurement): LetterSection {
  return {
    heading: 'Faixas de tensão e leituras',
    blocks: [
      {
        kind: 'facts',
        caption: `Faixas de tensão para a sua tensão de referência`,
        rows: bandRows(bandLimits),
      },
      {
        kind: 'table',
        caption: `Leituras válidas em cada faixa, por fase`,
        head: ['Fase', 'Adequadas', 'Precárias', 'Críticas', 'Total'],
        rows: phases.map(({ phase, adequate, precarious, critical }) => [
          phase,
          ...[adequate, precarious, critical, valid].map(number),
        ]),
      },
    ],
  }
}

function bandRows({ criticalLow, adequateLow, adequateHigh, criticalHigh }: BandLimits): [string, string][] {
  const above =
    criticalHigh > adequateHigh ? `, ou acima de ${volts(adequateHigh)} até ${volts(criticalHigh)}, inclusive` : ''
  return [
    ['Adequada', `De ${volts(adequateLow)} a ${volts(adequateHigh)}, inclusive`],
    ['Precária', `De ${volts(criticalLow)}, inclusive, até abaixo de ${volts(adequateLow)}${above}`],
    ['Crítica', `Abaixo de ${volts(criticalLow)} ou acima de ${volts(criticalHigh)}`],
  ]
}

function indicatorSection({ measurement, rule, percentages }: LetterFacts, record: LetterRecord): LetterSection {
  const { phases, valid, drpPct, drcPct } = measurement
  const shown = (pct: number): string => percent(publishedPct(pct, percentages))
  const share = (count: number): string => shown((100 * count) / valid)
  const state = (violated: boolean): string => (violated ? 'Ultrapassado' : 'Respeitado')
  const { drpLimitPct, drcLimitPct } = rule.value
  return {
    heading: 'Indicadores',
    blocks: [
      {
        kind: 'table',
        caption: 'Indicadores da medição',
        head: ['Indicador', ...phases.map(({ phase }) => `Fase ${phase}`), 'Apurado', 'Limite', 'Situação'],
        rows: [
          [
            ...['DRP', ...phases.map(({ precarious }) => share(precarious))],
            ...[shown(drpPct), percent(drpLimitPct), state(record.drpViolated)],
          ],
          [
            ...['DRC', ...phases.map(({ critical }) => share(critical))],
            ...[shown(drcPct), percent(drcLimitPct), state(record.drcViolated)],
          ],
        ],
      },
      paragraph(
        `DRP é a duração relativa da transgressão para tensão precária; DRC, para tensão crítica. Cada um é o número de leituras na faixa, na fase em que há mais delas, dividido por ${number(valid)}: ${number(record.nlp)} leituras precárias e ${number(record.nlc)} críticas. Um limite só é ultrapassado acima dele. ${
          percentages === 'truncated'
            ? 'As porcentagens são mostradas com duas casas decimais, sem arredondar.'
            : 'As porcentagens são mostradas arredondadas a duas casas decimais.'
        }`,
      ),
      paragraph(`Regra aplicada: ${ruleWords(rule)}.`),
    ],
  }
}

function dutySection({ duties }: LetterFacts): LetterSection {
  const names = { DRP: 'precária (DRP)', DRC: 'crítica (DRC)' } as const
  return {
    heading: 'O que vamos fazer',
    blocks: [
      {
        kind: 'facts',
        caption: 'Prazos para regularizar a tensão',
        rows: duties.regularise.map(({ indicator, days, until }) => [
          `Tensão ${names[indicator]}`,
          `Até ${shortDay(until)}, ${counted(days, 'dia', 'dias')} após a medição`,
        ]),
      },
      paragraph(
        'Depois da regularização faremos uma nova medição, e você receberá o resultado. Enquanto a tensão não voltar aos limites, você tem direito à compensação abaixo.',
      ),
    ],
  }
}

function compensationSection({ measurement: { compensation }, duties }: LetterFacts): LetterSection {
  const { months } = duties.creditMonths
  return {
    heading: 'Compensação',
    blocks: [
      paragraph(
        `A compensação é devida a cada mês, até a tensão voltar aos limites, e é creditada na sua fatura em até ${counted(months, 'mês', 'meses')} após o mês a que se refere.`,
      ),
      ...(compensation === null
        ? [
            paragraph(
              'O valor depende do encargo de uso do sistema de distribuição (EUSD) da sua unidade consumidora no mês, que ainda não foi apurado. Ele constará da fatura, com o cálculo.',
            ),
          ]
        : compensationBlocks(compensation)),
    ],
  }
}

const inputNames: Readonly<Record<string, string>> = {
  DRP: 'DRP, em %',
  DRC: 'DRC, em %',
  DRPlimit: 'DRPlimit (limite do DRP), em %',
  DRClimit: 'DRClimit (limite do DRC), em %',
  k1: 'k1 (coeficiente da tensão precária)',
  k2: 'k2 (coeficiente da tensão crítica)',
  EUSD: 'EUSD (encargo de uso do sistema de distribuição)',
  class: 'Classe de tensão',
  days: 'days (dias do mês com violação)',
  daysOfMonth: 'daysOfMonth (dias do mês)',
  EUSDmonth: 'Mês do EUSD',
  EUSDsource: 'Origem do EUSD',
  measurement: 'Medição',
  resultVersion: 'Versão do resultado',
}

function compensationBlocks({ amountBrl, exactBrl, formula, inputs, rule }: ExplainedMoney): LetterBlock[] {
  return [
    paragraph(`Valor de um mês: ${money(amountBrl)}.`),
    {
      kind: 'facts',
      caption: 'Como o valor foi calculado',
      rows: [
        ['Fórmula', formula],
        ...Object.entries(inputs).map(([name, value]): [string, string] => [
          inputNames[name] ?? name,
          typeof value === 'number' ? (name === 'EUSD' ? money(value) : number(value)) : value,
        ]),
        ['Resultado, antes de desprezar as frações de centavo', `R$\u00a0${number(exactBrl)}`],
        ['Valor', money(amountBrl)],
        ['Regra', ruleWords(rule)],
      ],
    },
  ]
}

function complaintSection({ agent: { name, contact }, measurement, duties }: LetterFacts): LetterSection {
  const { days } = duties.noticeDays
  return {
    heading: 'Se você não concordar',
    blocks: [
      paragraph(
        `Fale com a ${name}${contact === null ? ' pelos canais de atendimento que constam da sua fatura' : `: ${contact}`}, e informe o número da medição: ${measurement.id}. Você pode pedir as leituras de toda a medição.`,
      ),
      paragraph(
        'Se a resposta não resolver, procure a ouvidoria da distribuidora. Se ainda não resolver, procure a ANEEL: telefone 167 ou www.gov.br/aneel.',
      ),
      paragraph(`Um resultado fora dos limites é comunicado ao consumidor em até ${counted(days, 'dia', 'dias')}.`),
    ],
  }
}

/** Since when we apply it is in the record: it is not the day on which that version of the norm came into force. */
const ruleWords = ({ source }: { source: string }): string => sourceWords(source)
