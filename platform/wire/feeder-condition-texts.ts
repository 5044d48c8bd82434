/** What conditions of feeders and their control say; as `conditionTexts`. */
export const feederConditionTexts = {
  'feeders.loop-stalled': {
    en: 'Nobody has shared out what feeder {feeder} may carry since {lastAt}',
    pt: 'Ninguém reparte a capacidade do alimentador {feeder} desde: {lastAt}',
  },
  'feeders.loop-runs': {
    en: 'Feeder {feeder} is shared out again, or need not be',
    pt: 'Alimentador {feeder} volta a ser repartido, ou não precisa',
  },
  'feeders.loop-overrun': {
    en: 'Sharing out feeder {feeder} takes {seconds} s, too long for every {intervalSeconds} s',
    pt: 'Repartir o alimentador {feeder} leva {seconds} s, demais para cada {intervalSeconds} s',
  },
  'feeders.loop-in-time': {
    en: 'Feeder {feeder} is shared out in time',
    pt: 'Alimentador {feeder} repartido a tempo',
  },
  'feeders.head-lost': {
    en: 'The meter {meter} at the head of feeder {feeder} has been silent since {lastAt}: its load is taken to be higher',
    pt: 'Medidor {meter} na saída do alimentador {feeder} sem leitura desde: {lastAt}. A carga é suposta maior',
  },
  'feeders.head-heard': {
    en: 'The meter {meter} at the head of feeder {feeder} is heard',
    pt: 'Medidor {meter} na saída do alimentador {feeder} com leituras',
  },
  'feeders.limit-unavoidable': {
    en: 'Feeder {feeder} may be {beyondKw} kW beyond its limit with all that is steered at its least',
    pt: 'Alimentador {feeder} pode ficar {beyondKw} kW além do limite com tudo o que se controla no mínimo',
  },
  'feeders.limit-held': {
    en: 'Feeder {feeder} can be kept within its limit',
    pt: 'Alimentador {feeder} pode ser mantido dentro do limite',
  },
  'feeders.overload-forecast': {
    en: 'Feeder {feeder} reaches its limit of {limitKw} kW in about {minutes} min by what nobody steers, {loadKw} kW now',
    pt: 'Alimentador {feeder} atinge o limite de {limitKw} kW em cerca de {minutes} min só com o que não se controla, {loadKw} kW agora',
  },
  'feeders.no-overload-ahead': {
    en: 'Feeder {feeder} is not about to reach its limit',
    pt: 'Alimentador {feeder} sem previsão de atingir o limite',
  },
  'feeders.event-not-met': {
    en: 'Feeder {feeder} carries {loadKw} kW, event {event} asks for {limitKw} kW at most',
    pt: 'Alimentador {feeder} com {loadKw} kW, o evento {event} pede no máximo {limitKw} kW',
  },
  'feeders.event-met': {
    en: 'Feeder {feeder} is within the limit of event {event}, or the event is over',
    pt: 'Alimentador {feeder} dentro do limite do evento {event}, ou evento encerrado',
  },
  'feeders.tracking-error': {
    en: 'Devices on feeder {feeder} are {beyondKw} kW beyond their setpoints together, {mostKw} kW is usual',
    pt: 'Dispositivos do alimentador {feeder} somam {beyondKw} kW além dos setpoints, o usual é até {mostKw} kW',
  },
  'feeders.setpoints-followed': {
    en: 'Devices on feeder {feeder} follow their setpoints',
    pt: 'Dispositivos do alimentador {feeder} seguem os setpoints',
  },
} as const satisfies Record<string, { readonly en: string; readonly pt: string }>

export type FeederConditionMessage = keyof typeof feederConditionTexts
