import type { KindOf } from '../../../platform/wire/condition-kinds.ts'
import { usual, type DefaultEntry } from './default-entry.ts'
import { hourMs, minuteMs } from './durations.ts'

/** What of a device that cannot be reached nobody can know. */
const unreachableBy = ['continuity/outage', 'platform/broker-lost', 'commands/acks-unheard', 'telemetry/device-offline']

/** Alarms of commands to the field, and of setpoints. How urgent a command is says whoever says the condition. */
export const commandsDefaults: Readonly<Record<KindOf<'commands'>, DefaultEntry>> = {
  'command-unknown': {
    ...{ ...usual, className: 'supply', priority: null, timeToRespondMs: 10 * minuteMs, explainedBy: unreachableBy },
    onDelayMs: minuteMs / 2,
    cause: {
      en: 'A command was sent, and no answer came within its time: the device lost its connection or its supply meanwhile, or the answer was lost on its way. The device may have acted, and it may not.',
      pt: 'Um comando foi enviado e nenhuma resposta veio no prazo: o dispositivo perdeu conexão ou alimentação nesse meio-tempo, ou a resposta se perdeu. O dispositivo pode ter atuado ou não.',
    },
    consequence: {
      en: 'Nobody knows how the equipment stands. No other command goes to it before that is known.',
      pt: 'Não se sabe em que posição o equipamento está. Nenhum outro comando é enviado a ele até que se saiba.',
    },
    operatorAction: {
      en: 'Look at what is measured around the device, and have its position confirmed on site where people depend on it. Then release the command as done or not done, with the reason. If the device comes back by itself it is asked, and this ends.',
      pt: 'Verifique as medições em torno do dispositivo e confirme a posição em campo se houver pessoas que dependam dela. Depois libere o comando como executado ou não executado, com o motivo. Se o dispositivo voltar, ele é consultado e isto termina.',
    },
  },
  'not-verified': {
    ...{ ...usual, className: 'supply', priority: null, timeToRespondMs: 10 * minuteMs },
    cause: {
      en: 'The device says that it has acted, and what it measures since does not show it: a mechanism that sticks, a position contact that is wrong, a contactor that is welded, or readings that do not come.',
      pt: 'O dispositivo diz que atuou, mas as medições desde então não mostram isso: mecanismo travado, contato de posição errado, contator colado, ou leituras que não chegam.',
    },
    consequence: {
      en: 'The equipment may stand otherwise than shown, on one phase as well. No other command goes to it before that is known.',
      pt: 'O equipamento pode estar em posição diferente da mostrada, até mesmo em uma só fase. Nenhum outro comando é enviado a ele até que se saiba.',
    },
    operatorAction: {
      en: 'Trust no position: nobody works behind this device. Compare currents and voltages on both sides, ask for a new reading, and send somebody to look. Release the command with what was found.',
      pt: 'Não confie em posição alguma: ninguém trabalha além deste dispositivo. Compare correntes e tensões dos dois lados, peça nova leitura e mande alguém verificar. Libere o comando com o que foi constatado.',
    },
  },
  'command-failed': {
    ...{ ...usual, className: 'equipment', priority: null, timeToRespondMs: 30 * minuteMs },
    explainedBy: unreachableBy,
    cause: {
      en: 'The last command to the device came to nothing: the device refused it (in local, blocked, too late by its clock), could not do it, or the command expired while something stood in its way.',
      pt: 'O último comando ao dispositivo não teve efeito: o dispositivo recusou (em local, bloqueado, atrasado pelo relógio dele), não conseguiu, ou o comando expirou enquanto algo o impedia.',
    },
    consequence: {
      en: 'The equipment stands as it stood before. Whoever counts on the manoeuvre does so in vain.',
      pt: 'O equipamento continua como estava. Quem conta com a manobra conta em vão.',
    },
    operatorAction: {
      en: 'Read in the timeline of the command what the device said. Remove what stands in the way, then ask again with a new command; or have it done by hand on site.',
      pt: 'Leia no histórico do comando o que o dispositivo respondeu. Remova o impedimento e peça de novo com outro comando, ou mande executar manualmente em campo.',
    },
  },
  'acks-unheard': {
    ...{ ...usual, className: 'platform', priority: 'medium', timeToRespondMs: 10 * minuteMs },
    explainedBy: ['platform/broker-lost'],
    cause: {
      en: 'Commands are sent, and no node hears what devices answer: the flow of commands was changed or disabled, its node is not connected, or the broker refuses it the topics of answers.',
      pt: 'Comandos são enviados e nenhum nó recebe as respostas dos dispositivos: o fluxo de comandos foi alterado ou desativado, o nó está sem conexão, ou o broker recusa a ele os tópicos de resposta.',
    },
    consequence: {
      en: 'Every command ends as unknown and blocks its device, though the field may do all of it.',
      pt: 'Todo comando termina como desconhecido e bloqueia o dispositivo, embora o campo possa estar executando tudo.',
    },
    operatorAction: {
      en: 'Give no more commands. Let engineering look at the command ack node in the flow of commands: is it there, is it connected, what does it say. Answers that the broker has kept come in by themselves afterwards.',
      pt: 'Não dê mais comandos. Peça à engenharia que veja o nó de respostas no fluxo de comandos: se existe, se está conectado, o que informa. Respostas guardadas pelo broker entram sozinhas depois.',
    },
  },
  'setpoint-ignored': {
    ...{ ...usual, className: 'equipment', priority: 'low', timeToRespondMs: 2 * hourMs, explainedBy: unreachableBy },
    ...{ onDelayMs: minuteMs, offDelayMs: minuteMs },
    cause: {
      en: 'The device has had its setpoint for more than two minutes and draws or feeds more than that, or says that it follows another one: it is under local control, somebody else controls it too, or its sign or scale is wrong.',
      pt: 'O dispositivo tem o setpoint há mais de dois minutos e consome ou injeta além dele, ou informa seguir outro: está em controle local, alguém mais o controla, ou o sinal ou a escala está errado.',
    },
    consequence: {
      en: 'The feeder carries more than was planned for; what was shared out among the others does not add up.',
      pt: 'O alimentador carrega mais que o planejado; o que foi repartido entre os demais não fecha.',
    },
    operatorAction: {
      en: 'Where the feeder is near its limit, give the others less until this is repaired. Let engineering compare what the device reports with its setpoint, in sign and scale; then call who runs it.',
      pt: 'Se o alimentador está perto do limite, dê menos aos outros até o reparo. Peça à engenharia que compare o que o dispositivo informa com o setpoint, em sinal e escala; depois fale com quem o opera.',
    },
  },
}
