import { amount, choice } from './option.ts'

const months = { en: 'months', pt: 'meses' }
const hours = { en: 'h', pt: 'h' }

/** What is uncertain about continuity in PRODIST Módulo 8, Seção 8.2. */
export const continuityOptions = {
  'continuity-month-crossing': choice({
    question: {
      en: 'In which month does an interruption count that crosses months (DIC, FIC, DMIC, DEC, FEC)?',
      pt: 'Em que mês conta uma interrupção que atravessa meses (DIC, FIC, DMIC, DEC, FEC)?',
    },
    choices: {
      split: {
        en: 'its hours in the month in which they pass, its occurrence in the month in which it began',
        pt: 'as horas no mês em que transcorrem, a ocorrência no mês em que começou',
      },
      'start-month': { en: 'in the month in which it began', pt: 'no mês em que começou' },
      'end-month': { en: 'in the month in which it ended', pt: 'no mês em que terminou' },
    },
    default: 'split',
    source: 'no rule was found; indicators are of a month, and what is split cannot exceed its hours',
    confidence: 'unsaid',
  }),
  'continuity-event-month-crossing': choice({
    question: {
      en: 'In which month do DICRI and DISE count, which are by event, where the event crosses months?',
      pt: 'Em que mês contam DICRI e DISE, que são por evento, quando o evento atravessa meses?',
    },
    choices: {
      'start-month': { en: 'whole, in the month in which it began', pt: 'inteiro, no mês em que começou' },
      'end-month': { en: 'whole, in the month in which it ended', pt: 'inteiro, no mês em que terminou' },
      split: { en: 'as two events, each in its month', pt: 'como dois eventos, cada um em seu mês' },
    },
    default: 'start-month',
    source: 'their limits are for an event, and an event is not divided; the month was not found',
    confidence: 'unsaid',
  }),
  'continuity-event-duration': choice({
    question: {
      en: 'What is one event of DICRI and DISE for a unit that was out several times from the same root?',
      pt: 'O que é um evento de DICRI e DISE para uma unidade interrompida várias vezes pela mesma origem?',
    },
    choices: {
      'each-interruption': { en: 'each interruption by itself', pt: 'cada interrupção' },
      'root-together': { en: 'all of one root together', pt: 'todas as da mesma origem, somadas' },
    },
    default: 'each-interruption',
    source: 'the duration "of the interruption" on a critical day, "por evento", in notes on v14',
    confidence: 'inferred',
  }),
  'continuity-dicri-programmed': choice({
    question: {
      en: 'Does a programmed interruption on a critical day count in DICRI?',
      pt: 'Uma interrupção programada em dia crítico conta no DICRI?',
    },
    choices: { counts: { en: 'yes', pt: 'sim' }, 'left-out': { en: 'no', pt: 'não' } },
    default: 'counts',
    source: 'DICRI is of interruptions on a critical day; the wording of its own exclusions (item 180) was not found',
    confidence: 'unsaid',
  }),
  'continuity-short-outages': choice({
    question: {
      en: 'Do the three minutes go by the whole time without supply, where interruptions follow each other without a gap?',
      pt: 'Os três minutos valem para todo o tempo sem energia, quando interrupções se seguem sem intervalo?',
    },
    choices: {
      'contiguous-whole': { en: 'by the whole, which is one for FIC too', pt: 'pelo todo, que é uma só também no FIC' },
      'each-piece': { en: 'by each piece', pt: 'por trecho' },
    },
    default: 'contiguous-whole',
    source: 'at Copel, switching that follows an interruption is not counted again in FIC; the norm was not found',
    confidence: 'one-source',
  }),
  'continuity-restored-briefly': choice({
    question: {
      en: 'Are two interruptions of a unit one, where supply was back for less than three minutes between them?',
      pt: 'Duas interrupções de uma unidade são uma, se o fornecimento voltou por menos de três minutos entre elas?',
    },
    choices: {
      separate: { en: 'no, two', pt: 'não, são duas' },
      joined: { en: 'yes, from the first beginning to the last end', pt: 'sim, do primeiro início ao último fim' },
    },
    default: 'separate',
    source: 'the norm has three minutes for interruptions, and nothing was found for what lies between them',
    confidence: 'unsaid',
  }),
  'continuity-meter-against-model': choice({
    question: {
      en: "What holds where a unit's meter tells of supply and the switches leave it without?",
      pt: 'O que vale quando o medidor da unidade acusa fornecimento e as chaves a deixam sem?',
    },
    choices: {
      meter: { en: "the meter: it is the unit's own", pt: 'o medidor: é o da própria unidade' },
      model: { en: 'the switches', pt: 'as chaves' },
    },
    default: 'meter',
    source: 'supply is at the point of connection, where the meter is; the norm does not speak of evidence',
    confidence: 'unsaid',
  }),
  'continuity-clock-tolerance-seconds': amount({
    question: {
      en: 'By how much may the clocks of meters and switches differ for what they tell to be one thing?',
      pt: 'Quanto podem diferir os relógios de medidores e chaves para que o que informam seja um só fato?',
    },
    ...{ unit: { en: 's', pt: 's' }, least: 0, most: 300, whole: true, default: 10 },
    source: 'the norm speaks of times, not of clocks; less than half a hundredth of an hour',
    confidence: 'unsaid',
  }),
  'continuity-programmed-warning-hours': amount({
    question: {
      en: 'How long before it begins must consumers be warned for an interruption to count as announced (DMIC)?',
      pt: 'Com que antecedência os consumidores devem ser avisados para a interrupção contar como avisada (DMIC)?',
    },
    ...{ unit: hours, least: 0, most: 360, whole: true, default: 72 },
    source: 'as remembered of the rules of supply; some classes of consumers have five days',
    confidence: 'remembered',
  }),
  'continuity-critical-day-crossing': choice({
    question: {
      en: 'What of an interruption counts as of a critical day, where it crosses into or out of it?',
      pt: 'O que de uma interrupção conta como de dia crítico, se ela entra nele ou sai dele?',
    },
    choices: {
      start: { en: 'all of it where it began on that day', pt: 'tudo, se começou nesse dia' },
      split: { en: 'what passes on that day', pt: 'o que transcorre nesse dia' },
    },
    default: 'start',
    source: 'Módulo 1 speaks of interruptions that begin on the day, as remembered',
    confidence: 'remembered',
  }),
  'continuity-critical-day-sigma': choice({
    question: {
      en: 'Which standard deviation makes the threshold of a critical day?',
      pt: 'Qual desvio padrão forma o limiar de dia crítico?',
    },
    choices: {
      population: { en: 'of the population: divided by the days', pt: 'populacional: dividido pelos dias' },
      sample: { en: 'of a sample: divided by the days less one', pt: 'amostral: dividido pelos dias menos um' },
    },
    default: 'population',
    source: 'not stated in anything found; the days are all there are, not a sample of them',
    confidence: 'unsaid',
  }),
  'continuity-critical-day-history': choice({
    question: {
      en: 'Which days are in the history that the threshold of a critical day is made of?',
      pt: 'Quais dias entram no histórico de que sai o limiar de dia crítico?',
    },
    choices: {
      'all-days': { en: 'all, critical ones too', pt: 'todos, também os críticos' },
      'without-emergency-days': {
        en: 'all but those of a situation of emergency',
        pt: 'todos, menos os de situação de emergência',
      },
      'without-critical-days': {
        en: 'all but those of a situation of emergency and critical ones',
        pt: 'todos, menos os de situação de emergência e os críticos',
      },
    },
    default: 'all-days',
    source: 'Módulo 1, as remembered, includes critical days already identified; a draft of Copel drops those of ISE',
    confidence: 'conflicting',
  }),
  'continuity-history-months': amount({
    question: {
      en: 'How many months before the year make the threshold of a critical day?',
      pt: 'Quantos meses antes do ano formam o limiar de dia crítico?',
    },
    ...{ unit: months, least: 12, most: 60, whole: true, default: 24 },
    source: 'a specification of Copel of 23/05/2026, and Módulo 1 as remembered: the two civil years before',
    confidence: 'one-source',
  }),
  'continuity-emergency-on-critical-day': choice({
    question: {
      en: 'What is an interruption of a situation of emergency on a critical day?',
      pt: 'O que é uma interrupção em situação de emergência em dia crítico?',
    },
    choices: {
      emergency: { en: 'of the emergency: DISE', pt: 'da emergência: DISE' },
      'critical-day': { en: 'of the critical day: DICRI', pt: 'do dia crítico: DICRI' },
    },
    default: 'emergency',
    source: 'the parcels of the open data are disjoint, and INE is told before INC; an order was not found',
    confidence: 'inferred',
  }),
  'continuity-nuc-day': choice({
    question: {
      en: 'On which day of the month are the units of a conjunto (NUC) counted, where no number is entered?',
      pt: 'Em que dia do mês se contam as unidades do conjunto (NUC), se nenhum número foi informado?',
    },
    choices: {
      'last-day': { en: 'on the last', pt: 'no último' },
      'first-day': { en: 'on the first', pt: 'no primeiro' },
    },
    default: 'last-day',
    source: 'the units billed in the month, as remembered; a day was not found',
    confidence: 'unsaid',
  }),
  'continuity-dec-fec-rounding': choice({
    question: {
      en: 'How are DEC and FEC brought to hundredths, where they are published and compared with their limits?',
      pt: 'Como DEC e FEC vão a centésimos, onde são publicados e comparados com os limites?',
    },
    choices: {
      rounded: { en: 'rounded', pt: 'arredondados' },
      truncated: { en: 'truncated', pt: 'truncados' },
    },
    default: 'rounded',
    source: 'the open data have two decimals; how they came to be was not found',
    confidence: 'unsaid',
  }),
  'continuity-year-aggregation': choice({
    question: {
      en: 'How do the months of a conjunto become its year of DEC and FEC?',
      pt: 'Como os meses de um conjunto se tornam o ano de DEC e FEC?',
    },
    choices: {
      sum: { en: 'they are added', pt: 'somam-se' },
      weighted: {
        en: 'weighted by the units of each month, over the mean of the year',
        pt: 'ponderados pelas unidades de cada mês, sobre a média do ano',
      },
    },
    default: 'sum',
    source: 'the sum gives the published DGC again; item 202 weights. They are equal while the units do not change',
    confidence: 'conflicting',
  }),
  'continuity-individual-precision': choice({
    question: {
      en: 'By which value is DIC, DMIC, DICRI or DISE compared with its limit and paid for?',
      pt: 'Por qual valor DIC, DMIC, DICRI ou DISE é comparado com o limite e pago?',
    },
    choices: {
      exact: { en: 'by the exact one', pt: 'pelo exato' },
      hundredths: { en: 'by that in rounded hundredths of an hour', pt: 'pelo arredondado a centésimos de hora' },
    },
    default: 'exact',
    source: 'REN 414/2010 art. 213: nothing is rounded on the way; the norm has them in hours and hundredths',
    confidence: 'conflicting',
  }),
  'continuity-compensated-value': choice({
    question: {
      en: 'What is compensated where a limit is passed, from 2022 on?',
      pt: 'O que é compensado quando um limite é ultrapassado, desde 2022?',
    },
    choices: {
      whole: { en: 'the whole verified value', pt: 'todo o valor verificado' },
      excess: { en: 'what it exceeds the limit by', pt: 'o que excede o limite' },
    },
    default: 'whole',
    source: 'equations of item 225, quoted symbol by symbol; other notes on v14 speak of the excess',
    confidence: 'conflicting',
  }),
  'continuity-compensation-cap': choice({
    question: {
      en: 'What does the cap of item 227 (18 × VRC) hold for?',
      pt: 'A que se aplica o teto do item 227 (18 × VRC)?',
    },
    choices: {
      'per-indicator': {
        en: 'each indicator, and each event of DICRI and DISE',
        pt: 'a cada indicador, e a cada evento de DICRI e DISE',
      },
      'per-month': { en: "all of a unit's month together", pt: 'a todo o mês da unidade' },
    },
    default: 'per-indicator',
    source: 'notes on item 227 of v14',
    confidence: 'one-source',
  }),
  'continuity-credit-months': amount({
    question: {
      en: 'Within how many months after the month of reference is the compensation credited?',
      pt: 'Em quantos meses após o mês de referência a compensação é creditada?',
    },
    ...{ unit: { en: 'months', pt: 'meses' }, least: 0, most: 12, whole: true, default: 2 },
    source: 'item 219, in notes on v14 and on a page of the regulator',
    confidence: 'one-source',
  }),
} as const
