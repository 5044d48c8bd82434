import type { AlarmClass } from './definition.ts'
import { hourMs, minuteMs } from './durations.ts'

/** Classes as they are shipped. Channels are those of notify nodes: none is named here, for none is known. */
export const defaultClasses = [
  {
    name: 'safety',
    reason: {
      en: 'People may come to harm: who depends on supply to live, or who works on or near the grid. It is never out of sight for longer than half an hour, and stands until somebody has reset it.',
      pt: 'Há risco a pessoas: quem depende do fornecimento para viver, ou quem trabalha na rede ou perto dela. Nunca fica fora de vista por mais de meia hora e permanece até que alguém o rearme.',
    },
    ...{ mostShelvedMs: 30 * minuteMs, latching: true, reAlarmMs: 30 * minuteMs },
    escalation: [
      { afterMs: 5 * minuteMs, role: 'engineer', channel: null },
      { afterMs: 15 * minuteMs, role: 'admin', channel: null },
    ],
  },
  {
    name: 'supply',
    reason: {
      en: 'Consumers are without supply, or equipment is about to be lost: crews and switching decide within the shift. It may be put aside for as long as a crew is on its way.',
      pt: 'Há consumidores sem fornecimento, ou equipamento prestes a ser perdido: equipes e manobras resolvem dentro do turno. Pode ser posto de lado enquanto uma equipe está a caminho.',
    },
    ...{ mostShelvedMs: 2 * hourMs, latching: false, reAlarmMs: 4 * hourMs },
    escalation: [{ afterMs: 15 * minuteMs, role: 'engineer', channel: null }],
  },
  {
    name: 'quality',
    reason: {
      en: 'A limit of the regulator is used up: what is at stake is money and the indicator, and what helps is planned work over days. It may be put aside until the work is done, at most a week.',
      pt: 'Um limite do regulador está sendo consumido: o que está em jogo é dinheiro e o indicador, e o que resolve é serviço programado em dias. Pode ser posto de lado até o serviço ser feito, no máximo uma semana.',
    },
    ...{ mostShelvedMs: 168 * hourMs, latching: false, reAlarmMs: null, escalation: [] },
  },
  {
    name: 'equipment',
    reason: {
      en: 'A meter, a device or its communication is at fault: the grid goes on, and what is known of it does not. It may be put aside over a weekend, until a field visit.',
      pt: 'Um medidor, um dispositivo ou a comunicação dele falhou: a rede continua, e o que se sabe dela não. Pode ser posto de lado durante um fim de semana, até a visita de campo.',
    },
    ...{ mostShelvedMs: 72 * hourMs, latching: false, reAlarmMs: null, escalation: [] },
  },
  {
    name: 'platform',
    reason: {
      en: 'The platform itself is at fault: what operators see may be old, and whoever runs the servers has to know even if the control centre cannot help. It is never put aside over a whole shift.',
      pt: 'A própria plataforma falhou: o que os operadores veem pode estar desatualizado, e quem cuida dos servidores precisa saber mesmo que o centro de operação não possa ajudar. Nunca fica de lado por um turno inteiro.',
    },
    ...{ mostShelvedMs: 4 * hourMs, latching: false, reAlarmMs: 8 * hourMs },
    escalation: [{ afterMs: 10 * minuteMs, role: 'admin', channel: null }],
  },
] as const satisfies readonly AlarmClass[]

export type DefaultClass = (typeof defaultClasses)[number]['name']
