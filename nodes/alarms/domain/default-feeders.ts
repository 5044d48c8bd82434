import type { KindOf } from '../../../platform/wire/condition-kinds.ts'
import { usual, type DefaultEntry } from './default-entry.ts'
import { hourMs, minuteMs } from './durations.ts'

/** Alarms of feeder control and demand response. How urgent it is that a limit is not held says whoever says the condition. */
export const feedersDefaults: Readonly<Record<KindOf<'feeders'>, DefaultEntry>> = {
  'loop-stalled': {
    ...{ ...usual, className: 'platform', priority: 'medium', timeToRespondMs: 10 * minuteMs },
    explainedBy: ['platform/database-lost'],
    ...{ onDelayMs: minuteMs / 2, offDelayMs: minuteMs },
    cause: {
      en: 'For three intervals nobody has shared out the feeder: the flow of feeders was changed or disabled, its node stopped with an error, or the database is too slow.',
      pt: 'Há três intervalos ninguém reparte o alimentador: o fluxo de alimentadores foi alterado ou desativado, o nó parou com erro, ou o banco de dados está lento demais.',
    },
    consequence: {
      en: 'Setpoints run out and devices go to what is safe by themselves: chargers stop, batteries rest. Nobody follows limits or events that change from now on, and PV feeds in what it can.',
      pt: 'Os setpoints expiram e os dispositivos vão sozinhos ao que é seguro: carregadores param, baterias repousam. Limites e eventos que mudarem não são seguidos, e a geração injeta o que puder.',
    },
    operatorAction: {
      en: 'Watch the load at the head of the feeder. Let engineering look at the feeder allocate node: is it deployed, what does its status say, what is in the log. Until it runs, call those who agreed to an event that is due.',
      pt: 'Acompanhe a carga na saída do alimentador. Peça à engenharia que veja o nó feeder allocate: está publicado, o que diz o status, o que há no log. Até voltar, avise quem tem evento combinado.',
    },
  },
  'loop-overrun': {
    ...{ ...usual, className: 'platform', priority: 'low', timeToRespondMs: hourMs },
    ...{ onDelayMs: 3 * minuteMs, offDelayMs: 3 * minuteMs },
    cause: {
      en: 'Sharing out the feeder takes more of the machine than its interval leaves: many devices, an optimizer on a large tree, or a machine that has other work.',
      pt: 'Repartir o alimentador ocupa mais da máquina do que o intervalo permite: muitos dispositivos, otimizador em árvore grande, ou máquina ocupada com outra coisa.',
    },
    consequence: {
      en: 'The feeder is shared out less often than it should be: what changes in between is answered late.',
      pt: 'O alimentador é repartido com menos frequência que o devido: o que muda no intervalo é respondido com atraso.',
    },
    operatorAction: {
      en: 'Nothing to switch. Tell engineering: the heuristic instead of the optimizer, a longer interval, or more machine.',
      pt: 'Nada a manobrar. Avise a engenharia: heurística em vez do otimizador, intervalo maior, ou mais máquina.',
    },
  },
  'overload-forecast': {
    ...{ ...usual, className: 'supply', priority: 'low', timeToRespondMs: 15 * minuteMs },
    explainedBy: ['feeders/limit-unavoidable'],
    ...{ onDelayMs: 2 * minuteMs, offDelayMs: 5 * minuteMs },
    cause: {
      en: 'What nobody steers on the feeder (or generates there) grows, and as it grows it reaches the limit by itself within half an hour: peak demand, transferred load, the sun on many roofs.',
      pt: 'O que não se controla no alimentador (ou o que lá se gera) cresce e, nesse ritmo, atinge o limite sozinho em até meia hora: ponta de carga, carga transferida, sol em muitos telhados.',
    },
    consequence: {
      en: 'From then on stopping chargers is not enough: the feeder goes beyond its limit with everything steered at its least.',
      pt: 'A partir daí parar carregadores não basta: o alimentador passa do limite mesmo com tudo o que se controla no mínimo.',
    },
    operatorAction: {
      en: 'Use the time: prepare the transfer of a block to a neighbour with margin, see that batteries on the feeder are charged, and check whether a limit was set tighter than it needs to be.',
      pt: 'Aproveite o tempo: prepare a transferência de um bloco a um vizinho com folga, veja se as baterias do alimentador têm carga, e confira se algum limite foi posto mais apertado que o necessário.',
    },
  },
  'event-not-met': {
    ...{ ...usual, className: 'supply', priority: null, timeToRespondMs: 10 * minuteMs },
    explainedBy: ['feeders/limit-unavoidable'],
    ...{ onDelayMs: minuteMs, offDelayMs: 2 * minuteMs },
    cause: {
      en: 'Five minutes into a demand response event the feeder still carries more than the event allows: devices do not follow, have opted out, or what nobody steers is too much.',
      pt: 'Passados cinco minutos do início do evento de resposta da demanda, o alimentador ainda carrega mais que o permitido: dispositivos não seguem, optaram por sair, ou o que não se controla é demais.',
    },
    consequence: {
      en: 'What was promised to whoever called the event is not delivered: a penalty by the terms of its program, and the network that it was to relieve stays loaded.',
      pt: 'O prometido a quem pediu o evento não é entregue: penalidade conforme o programa, e a rede que seria aliviada segue carregada.',
    },
    operatorAction: {
      en: 'Ask why in the explanation of the feeder’s largest devices. Where some do not follow, call those who run them; where nothing is left to give, tell whoever called the event how much comes.',
      pt: 'Veja o motivo na explicação dos maiores dispositivos do alimentador. Se alguns não seguem, fale com quem os opera; se nada resta a reduzir, informe a quem pediu o evento quanto será entregue.',
    },
  },
  'limit-unavoidable': {
    ...{ ...usual, className: 'supply', priority: null, timeToRespondMs: 10 * minuteMs },
    ...{ onDelayMs: minuteMs, offDelayMs: 2 * minuteMs },
    cause: {
      en: 'The limit in force is below what nobody steers, with its margin: peak demand, a limit or an event set tighter than the feeder can follow, devices that are lost and count at their fallback.',
      pt: 'O limite em vigor está abaixo do que não se controla, com a margem: ponta de carga, limite ou evento mais apertado do que o alimentador consegue seguir, dispositivos perdidos que contam no valor de segurança.',
    },
    consequence: {
      en: 'Chargers on the feeder stand still, batteries give what they may, and it goes beyond its limit all the same: conductors age, protection may trip.',
      pt: 'Os carregadores do alimentador param, as baterias entregam o que podem, e ainda assim ele passa do limite: cabos envelhecem, a proteção pode atuar.',
    },
    operatorAction: {
      en: 'See which limit it is and who set it; lift it where it is one of convenience. Else take load off the feeder: give back what was transferred, or transfer a block.',
      pt: 'Veja qual limite é e quem o pôs; retire-o se for de conveniência. Senão, alivie o alimentador: devolva carga transferida, ou transfira um bloco.',
    },
  },
  'head-lost': {
    ...{ ...usual, className: 'equipment', priority: 'low', timeToRespondMs: hourMs },
    explainedBy: ['continuity/outage', 'platform/broker-lost'],
    ...{ onDelayMs: minuteMs, offDelayMs: minuteMs },
    cause: {
      en: 'The meter at the head of the feeder has not reported for two intervals: its communication or its supply is gone, or it was replaced and the registry names the old one.',
      pt: 'O medidor na saída do alimentador está há dois intervalos sem informar: perdeu comunicação ou alimentação, ou foi trocado e o cadastro cita o antigo.',
    },
    consequence: {
      en: 'What nobody steers is taken to be as high as it was within the last day, more so the longer it lasts: chargers and batteries get less than the feeder could give.',
      pt: 'O que não se controla é suposto tão alto quanto no último dia, mais quanto mais durar: carregadores e baterias recebem menos do que o alimentador poderia dar.',
    },
    operatorAction: {
      en: 'Compare with the measurements of neighbours and of the substation. Have the meter’s communication repaired; correct the registry where it was replaced.',
      pt: 'Compare com as medições dos vizinhos e da subestação. Mande reparar a comunicação do medidor; corrija o cadastro se ele foi trocado.',
    },
  },
  'tracking-error': {
    ...{ ...usual, className: 'equipment', priority: 'low', timeToRespondMs: 2 * hourMs },
    explainedBy: ['continuity/outage'],
    ...{ onDelayMs: 2 * minuteMs, offDelayMs: 5 * minuteMs },
    cause: {
      en: 'Devices on the feeder draw, or feed in, more than they are told, together by more than a twentieth of its limit: some are under local control, follow late, or report with a wrong sign or scale.',
      pt: 'Dispositivos do alimentador consomem, ou injetam, além do pedido, somando mais de um vigésimo do limite: alguns estão em controle local, seguem com atraso, ou informam com sinal ou escala errados.',
    },
    consequence: {
      en: 'The margin of the limit is used up by what was not planned; the others get less, though it is not they who take too much.',
      pt: 'A folga do limite é consumida pelo que não foi planejado; os demais recebem menos, embora não sejam eles que excedem.',
    },
    operatorAction: {
      en: 'Open the tracking of the feeder’s devices and look who is beyond. Call who runs them; have engineering compare what they report with what they are told.',
      pt: 'Abra o acompanhamento dos dispositivos do alimentador e veja quem excede. Fale com quem os opera; peça à engenharia que compare o que informam com o que lhes é pedido.',
    },
  },
}
