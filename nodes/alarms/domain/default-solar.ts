import type { KindOf } from '../../../platform/wire/condition-kinds.ts'
import { usual, type DefaultEntry } from './default-entry.ts'
import { dayMs, hourMs, minuteMs } from './durations.ts'

/** A plant without network shuts itself down, and nothing comes from it while the broker is away. */
const silencedBy = ['continuity/outage', 'platform/broker-lost'] as const
/** A panel has no say while its whole plant stands still. */
const shutBy = ['solar/plant-out', ...silencedBy] as const

/** Alarms of solar panels and plants. How urgent a fault of a panel is says whoever says the condition. */
export const solarDefaults: Readonly<Record<KindOf<'solar'>, DefaultEntry>> = {
  'plant-out': {
    ...{ ...usual, className: 'equipment', priority: null, timeToRespondMs: 2 * hourMs, explainedBy: silencedBy },
    ...{ onDelayMs: minuteMs, offDelayMs: 10 * minuteMs },
    cause: {
      en: 'All panels of the plant stopped together in daylight: the inverter tripped or was switched off, its protection acted (insulation, overvoltage, anti-islanding), or the supply of the plant is gone.',
      pt: 'Todos os painéis da usina pararam juntos à luz do dia: o inversor desarmou ou foi desligado, sua proteção atuou (isolação, sobretensão, anti-ilhamento), ou a usina está sem rede.',
    },
    consequence: {
      en: 'All that the plant would generate is lost, at the best hours most; the feeder carries that load instead, and storage on site is not charged.',
      pt: 'Perde-se tudo o que a usina geraria, nas melhores horas mais ainda; o alimentador passa a suprir essa carga, e o armazenamento local não carrega.',
    },
    operatorAction: {
      en: 'See whether the feeder has supply and whether voltage there is high: that trips inverters. Ask whoever runs the plant for the inverter’s fault code; a restart from afar once, a crew if it trips again. What is lost per hour stands at the site.',
      pt: 'Veja se o alimentador tem tensão e se ela está alta: isso desarma inversores. Peça a quem opera a usina o código de falha do inversor; religue remotamente uma vez, e mande equipe se desarmar de novo. A perda por hora está na página do local.',
    },
  },
  'panel-fault': {
    ...{ ...usual, className: 'equipment', priority: null, timeToRespondMs: dayMs, explainedBy: shutBy },
    ...{ onDelayMs: minuteMs, offDelayMs: 10 * minuteMs },
    cause: {
      en: 'The panel, or its string, gives nothing or only part while its neighbours generate: a blown fuse, an open connector, a short circuit in cable or junction box, failed bypass diodes, a broken or stolen module.',
      pt: 'O painel, ou sua série, nada gera ou gera só uma parte enquanto os vizinhos geram: fusível queimado, conector aberto, curto em cabo ou caixa de junção, diodos de desvio com falha, módulo quebrado ou furtado.',
    },
    consequence: {
      en: 'Its energy is lost until somebody goes there; a short circuit or a loose connector can arc and burn.',
      pt: 'A energia dele se perde até alguém ir ao local; curto ou conector frouxo pode formar arco e queimar.',
    },
    operatorAction: {
      en: 'Read the evidence: since when, how much, which panels. Several of one string: the fuse or the string’s connector. Have it isolated before anyone touches it where a short circuit is named, and put the visit on the maintenance list.',
      pt: 'Leia a evidência: desde quando, quanto, quais painéis. Vários da mesma série: fusível ou conector da série. Se for curto, mande isolar antes de qualquer contato, e inclua a visita na lista de manutenção.',
    },
  },
  'panel-loss': {
    ...{ ...usual, className: 'equipment', priority: null, timeToRespondMs: 7 * dayMs, explainedBy: shutBy },
    ...{ onDelayMs: 5 * minuteMs, offDelayMs: 30 * minuteMs },
    cause: {
      en: 'The panel generates less than the sun on it would give, beyond what its neighbours do: dirt, shade of a tree or a new building, ageing, a derated inverter, a connection that heats up.',
      pt: 'O painel gera menos do que o sol permitiria, além do que ocorre com os vizinhos: sujeira, sombra de árvore ou obra nova, envelhecimento, inversor limitado, conexão que aquece.',
    },
    consequence: {
      en: 'A few percent of its energy each day, and of the whole string where modules are in series; what it costs so far stands at the site.',
      pt: 'Alguns por cento da energia a cada dia, e da série inteira onde os módulos estão em série; o custo até agora está na página do local.',
    },
    operatorAction: {
      en: 'Nothing to switch. See in the maintenance list whether cleaning pays yet, and combine visits of the site. A bad connection goes first.',
      pt: 'Nada a manobrar. Veja na lista de manutenção se a limpeza já compensa, e junte as visitas do local. Conexão ruim vai primeiro.',
    },
  },
  'panel-hot': {
    ...{ ...usual, className: 'equipment', priority: null, timeToRespondMs: 3 * dayMs, explainedBy: silencedBy },
    ...{ onDelayMs: 5 * minuteMs, offDelayMs: 30 * minuteMs },
    cause: {
      en: 'The panel is hotter than sun and air explain, or than its neighbours: a shaded or broken cell that takes the power of the others, a failed diode, leaves or nests behind it, a vent that is shut.',
      pt: 'O painel está mais quente do que sol e ar explicam, ou do que os vizinhos: célula sombreada ou trincada que consome a potência das outras, diodo com falha, folhas ou ninhos atrás, ventilação obstruída.',
    },
    consequence: {
      en: 'Each degree costs a third of a percent of its power; a hot spot damages the module for good, and can set fire to what lies on it.',
      pt: 'Cada grau custa um terço de por cento da potência; um ponto quente danifica o módulo de vez e pode incendiar o que estiver sobre ele.',
    },
    operatorAction: {
      en: 'Compare with the neighbours in the evidence. Have what covers or blocks it removed; a hot spot is looked at with a thermal camera on the next clear day, the module replaced if it stays.',
      pt: 'Compare com os vizinhos na evidência. Mande remover o que cobre ou obstrui; ponto quente se confirma com termovisor no próximo dia claro, e troca-se o módulo se persistir.',
    },
  },
  'panel-sensor': {
    ...{ ...usual, className: 'equipment', priority: null, timeToRespondMs: 7 * dayMs, explainedBy: silencedBy },
    ...{ onDelayMs: 5 * minuteMs, offDelayMs: 30 * minuteMs },
    cause: {
      en: 'The panel reports values that no panel can have, the very same ones for long, or those of another time of day: a sensor or its wiring has failed, a gateway repeats itself, a clock is wrong.',
      pt: 'O painel informa valores que nenhum painel pode ter, os mesmos por muito tempo, ou de outra hora do dia: sensor ou fiação com falha, gateway repetindo leituras, relógio errado.',
    },
    consequence: {
      en: 'Nobody sees what the panel does: a fault behind it stays hidden, and its energy and its share of the site’s figures are wrong.',
      pt: 'Ninguém vê o que o painel faz: uma falha por trás fica escondida, e a energia dele e sua parte nos números do local ficam erradas.',
    },
    operatorAction: {
      en: 'Have the sensor, its wiring or the clock of the device put right; restart the gateway if that can be done from here. Until then do not trust the panel’s figures.',
      pt: 'Mande corrigir o sensor, a fiação ou o relógio do dispositivo; reinicie o gateway se der para fazer daqui. Até lá não confie nos números do painel.',
    },
  },
  'panel-unusual': {
    ...{ ...usual, className: 'equipment', priority: 'low', timeToRespondMs: 14 * dayMs, explainedBy: shutBy },
    ...{ onDelayMs: 15 * minuteMs, offDelayMs: hourMs },
    cause: {
      en: 'Temperature, voltage, current and power of the panel together are unlike what its site has shown when it was well, though no rule names what it is.',
      pt: 'Temperatura, tensão, corrente e potência do painel, em conjunto, diferem do que o local mostrava quando estava bem, embora nenhuma regra nomeie o que é.',
    },
    consequence: {
      en: 'Often the beginning of a fault that will have a name later; sometimes weather or work that the site has not seen before.',
      pt: 'Muitas vezes o início de uma falha que depois terá nome; às vezes tempo ou serviço que o local ainda não tinha visto.',
    },
    operatorAction: {
      en: 'Nothing at once. Look at the panel when the site is visited next; several panels on one day are more likely weather, or work on site.',
      pt: 'Nada de imediato. Olhe o painel na próxima visita ao local; vários painéis no mesmo dia é mais provável ser o tempo, ou serviço no local.',
    },
  },
}
