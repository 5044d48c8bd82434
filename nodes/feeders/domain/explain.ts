/** Why a device has the setpoint that it has: in a sentence, in each language, from the numbers of the newest round. */
import type { Binding, FeederLoad } from './allocation/allocation.ts'
import type { Direction, Line } from './allocation/problem.ts'
import type { ShareDetail } from './orders.ts'

export type Language = 'en' | 'pt'
export type Sentences = Readonly<Record<Language, string>>

/** What is known of a device that somebody asks about. Power is kW at the terminals, consumption positive; instants UTC milliseconds. */
export interface Explained {
  readonly deviceId: string
  /** From its own feeder up to the root. */
  readonly path: readonly string[]
  /** Null: no round shared anything out to it. */
  readonly share: {
    readonly powerKw: number
    readonly deficitKw: number
    readonly toldKw: number | null
    readonly toldUntil: number | null
    readonly detail: ShareDetail
  } | null
  /** Why it takes no part, where it takes none. */
  readonly left: LeftAlone | null
  readonly feeders: readonly FeederLoad[]
}

/** Why a device takes no part in sharing out. */
export type LeftAlone = 'unapproved' | 'not-steerable' | 'no-rating' | 'no-feeder' | 'no-limit' | 'no-round'

interface Words {
  kw(value: number): string
  time(at: number): string
}

/** How instants are shown to people, by language. */
export type ShowInstant = (at: number, language: Language) => string

/** Says why. */
export const explanation = (explained: Explained, showInstant: ShowInstant): Sentences => ({
  en: sentence(explained, 'en', showInstant),
  pt: sentence(explained, 'pt', showInstant),
})

const locales: Readonly<Record<Language, string>> = { en: 'en-US', pt: 'pt-BR' }

function sentence(explained: Explained, language: Language, showInstant: ShowInstant): string {
  const number = new Intl.NumberFormat(locales[language], { maximumFractionDigits: 2 })
  const words: Words = {
    kw: (value) => `${number.format(value === 0 ? 0 : value)} kW`,
    time: (at) => showInstant(at, language),
  }
  const { share, deviceId } = explained
  if (!share) return leftAlone(explained, language)
  const { binding, wantedKw, lost, kind } = share.detail
  const told = toldWords(share, words, language)
  const wants = {
    en: kind === 'pv' ? `could give ${words.kw(-wantedKw)}` : `wants ${words.kw(wantedKw)}`,
    pt: kind === 'pv' ? `poderia gerar ${words.kw(-wantedKw)}` : `quer ${words.kw(wantedKw)}`,
  }[language]
  const why = lost ? lostWords(share.detail, words)[language] : bindingWords(binding, explained, words)[language]
  const spared = share.detail.isSpared
    ? {
        en: ' Demand response spares it: it has opted out, or is not enrolled.',
        pt: ' A resposta da demanda o poupa: optou por sair ou não está inscrito.',
      }[language]
    : ''
  if (lost) return `${deviceId}: ${why}${spared}`
  return {
    en: `${deviceId} ${told}; it ${wants}. ${why}${spared}`,
    pt: `${deviceId} ${told}; ${wants}. ${why}${spared}`,
  }[language]
}

function toldWords(
  { toldKw, toldUntil, powerKw }: NonNullable<Explained['share']>,
  { kw, time }: Words,
  language: Language,
): string {
  if (toldKw === null || toldUntil === null)
    return {
      en: `was shared out ${kw(powerKw)} and is not told so yet`,
      pt: `recebeu ${kw(powerKw)} na partilha e ainda não foi informado`,
    }[language]
  return {
    en: `is to follow ${kw(toldKw)} until ${time(toldUntil)}`,
    pt: `deve seguir ${kw(toldKw)} até ${time(toldUntil)}`,
  }[language]
}

function bindingWords(binding: Binding, { feeders, share }: Explained, words: Words): Sentences {
  const { kw } = words
  switch (binding.kind) {
    case 'wanted':
      return share!.detail.kind === 'pv'
        ? { en: 'Nothing holds it back.', pt: 'Nada o limita.' }
        : {
            en: 'It gets all it wants: no limit stands in its way.',
            pt: 'Recebe tudo o que quer: nenhum limite o impede.',
          }
    case 'feeder': {
      const { feederId, line, direction, limitKw, source } = binding
      const load = feeders.find((one) => one.feederId === feederId && one.line === line)
      const carried = load && (direction === 'import' ? load.highKw : -load.lowKw)
      const used =
        carried === undefined
          ? { en: '', pt: '' }
          : {
              en: `, of which ${kw(carried)} is shared out or spoken for`,
              pt: `, dos quais ${kw(carried)} já estão ocupados`,
            }
      return {
        en: `Feeder ${feederId} may ${directionWords[direction].en} no more than ${kw(limitKw)}${lineWords(line).en} (${sourceWords(source).en})${used.en}; nobody who has as little could have more without another having less.`,
        pt: `O alimentador ${feederId} pode ${directionWords[direction].pt} no máximo ${kw(limitKw)}${lineWords(line).pt} (${sourceWords(source).pt})${used.pt}; ninguém com tão pouco poderia ter mais sem que outro tivesse menos.`,
      }
    }
    case 'shed':
      return {
        en: `Demand response (${sourceWords(binding.targetId).en}) asks what is steered below ${binding.feederId} to take less.`,
        pt: `A resposta da demanda (${sourceWords(binding.targetId).pt}) pede que o que é controlado abaixo de ${binding.feederId} consuma menos.`,
      }
    case 'device':
      return {
        en: `Its own bounds allow ${kw(share!.detail.fromKw)} to ${kw(share!.detail.untilKw)} now: rating, ramp or state of charge.`,
        pt: `Seus próprios limites permitem de ${kw(share!.detail.fromKw)} a ${kw(share!.detail.untilKw)} agora: potência nominal, rampa ou estado de carga.`,
      }
    case 'least-power':
      return {
        en: `What is left for it is below its least power of ${kw(share!.detail.leastOnKw)}, so it waits.`,
        pt: `O que sobra para ele é menos que sua potência mínima de ${kw(share!.detail.leastOnKw)}; por isso espera.`,
      }
    case 'held':
      return share!.detail.held === 'off'
        ? {
            en: 'It was switched off a short while ago and stays off for its minimum time.',
            pt: 'Foi desligado há pouco e fica desligado pelo seu tempo mínimo.',
          }
        : {
            en: 'It was switched on a short while ago and stays on for its minimum time.',
            pt: 'Foi ligado há pouco e fica ligado pelo seu tempo mínimo.',
          }
    case 'lost':
      return { en: 'It does not hear us.', pt: 'Não nos ouve.' }
  }
}

function lostWords({ lost }: ShareDetail, { kw, time }: Words): Sentences {
  const { loss, heardAt, lowKw, highKw } = lost!
  const span =
    lowKw === highKw
      ? { en: kw(highKw), pt: kw(highKw) }
      : {
          en: `${kw(lowKw)} to ${kw(highKw)}, whichever is worse for each limit`,
          pt: `${kw(lowKw)} a ${kw(highKw)}, o que for pior para cada limite`,
        }
  const since = heardAt === null ? { en: '', pt: '' } : { en: ` since ${time(heardAt)}`, pt: ` desde ${time(heardAt)}` }
  const what = {
    offline: {
      en: `it is offline${since.en ? `, and was not heard${since.en}` : ''}`,
      pt: `está fora do ar${since.pt ? ` e não é ouvido${since.pt}` : ''}`,
    },
    silent: { en: `it was not heard${since.en}`, pt: `não é ouvido${since.pt}` },
    'never-heard': { en: 'it has never been heard', pt: 'nunca foi ouvido' },
  }[loss]
  return {
    en: `${what.en}, so it is told nothing and counted at ${span.en}: what it may follow still, and its fallback.`,
    pt: `${what.pt}; por isso nada lhe é dito e conta como ${span.pt}: o que ainda pode estar seguindo e seu valor de segurança.`,
  }
}

function leftAlone({ deviceId, path, left }: Explained, language: Language): string {
  const feeders = path.join(', ')
  const reasons: Readonly<Record<LeftAlone, Sentences>> = {
    unapproved: { en: 'it waits for its approval', pt: 'aguarda aprovação' },
    'not-steerable': {
      en: 'only batteries, EV chargers and PV inverters are steered',
      pt: 'só baterias, carregadores de VE e inversores FV são controlados',
    },
    'no-rating': { en: 'the registry has no rated power of it', pt: 'o cadastro não tem sua potência nominal' },
    'no-feeder': {
      en: 'the registry does not say on which feeder it is',
      pt: 'o cadastro não diz em que alimentador está',
    },
    'no-limit': {
      en: `no feeder above it (${feeders}) has a limit that concerns it, and no event or program asks anything of it`,
      pt: `nenhum alimentador acima dele (${feeders}) tem limite que lhe diga respeito, e nenhum evento ou programa lhe pede nada`,
    },
    'no-round': {
      en: 'the control loop has not come round to it yet',
      pt: 'a malha de controle ainda não passou por ele',
    },
  }
  const why = reasons[left ?? 'no-round'][language]
  return {
    en: `${deviceId} follows no setpoint of the control loop: ${why}.`,
    pt: `${deviceId} não segue nenhum setpoint da malha de controle: ${why}.`,
  }[language]
}

const directionWords: Readonly<Record<Direction, Sentences>> = {
  import: { en: 'carry', pt: 'conduzir' },
  export: { en: 'feed back', pt: 'injetar de volta' },
}

const lineWords = (line: Line): Sentences =>
  line === 'total' ? { en: '', pt: '' } : { en: ` on phase ${line}`, pt: ` na fase ${line}` }

/** Who set a limit, for people. */
function sourceWords(source: string): Sentences {
  const [kind, id] = source.split(':')
  const named = id === undefined ? '' : ` ${id}`
  const known: Readonly<Record<string, Sentences>> = {
    registry: { en: 'of the registry', pt: 'do cadastro' },
    default: { en: 'the default for feeders', pt: 'padrão dos alimentadores' },
    global: { en: 'the limit for every root feeder', pt: 'limite de todo alimentador raiz' },
    limit: { en: `limit${named}`, pt: `limite${named}` },
    schedule: { en: `schedule${named}`, pt: `programação${named}` },
    event: { en: `event${named}`, pt: `evento${named}` },
    snapback: { en: `return after event${named}`, pt: `retorno após o evento${named}` },
    program: { en: `program${named}`, pt: `programa${named}` },
    'head-meter-lost': { en: 'the meter at its head is silent', pt: 'o medidor da cabeceira está mudo' },
  }
  return known[kind ?? ''] ?? { en: source, pt: source }
}
