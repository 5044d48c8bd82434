import { usual, type DefaultEntry } from './default-entry.ts'
import { minuteMs } from './durations.ts'

/** Rules that engineers define, where nobody has said more of one of them. */
export const rulesDefault: DefaultEntry = {
  ...{ ...usual, className: 'equipment', priority: null, timeToRespondMs: 30 * minuteMs },
  explainedBy: ['continuity/outage', 'platform/broker-lost'],
  cause: {
    en: 'A rule that engineering defined in the alarm node holds for this device; the message says which value stands against which limit.',
    pt: 'Uma regra que a engenharia definiu no nó de alarme vale para este dispositivo; a mensagem diz qual valor está contra qual limite.',
  },
  consequence: {
    en: 'Whatever the rule was made to watch for. Who wrote it has not said it yet in the master alarm table.',
    pt: 'Aquilo que a regra foi feita para vigiar. Quem a escreveu ainda não o disse na tabela mestra de alarmes.',
  },
  operatorAction: {
    en: 'Check the value against a neighbouring device or the feeder, then tell the engineer on duty with the name of the rule. Ask for an entry of its own in the master alarm table: an alarm without an action should not ring.',
    pt: 'Confira o valor com um dispositivo vizinho ou com o alimentador e avise o engenheiro de plantão com o nome da regra. Peça uma entrada própria na tabela mestra: alarme sem ação não deve tocar.',
  },
}

/** Conditions that a flow says of its own accord, of which the table knows nothing. */
export const anyDefault: DefaultEntry = {
  ...{ ...usual, className: 'equipment', priority: null, timeToRespondMs: 30 * minuteMs },
  cause: {
    en: 'A flow says a condition that the master alarm table does not know.',
    pt: 'Um fluxo informa uma condição que a tabela mestra de alarmes não conhece.',
  },
  consequence: {
    en: 'Not known: nobody has yet said what it leads to.',
    pt: 'Desconhecida: ninguém disse ainda a que ela leva.',
  },
  operatorAction: {
    en: 'Read the message, look at the place it names, and tell the engineer on duty, who gives it an entry in the master alarm table or takes it out of the flow.',
    pt: 'Leia a mensagem, verifique o local indicado e avise o engenheiro de plantão, que lhe dá uma entrada na tabela mestra de alarmes ou a retira do fluxo.',
  },
}
