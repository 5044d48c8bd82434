import type { KindOf } from '../../../platform/wire/condition-kinds.ts'
import { usual, type DefaultEntry } from './default-entry.ts'
import { dayMs, hourMs, minuteMs } from './durations.ts'

/** Alarms of interruptions: first what lasts, then what a month, a day or a year comes to. */
export const continuityDefaults: Readonly<Record<KindOf<'continuity'>, DefaultEntry>> = {
  outage: {
    ...{ ...usual, className: 'supply', priority: null, timeToRespondMs: 5 * minuteMs },
    cause: {
      en: 'A recloser, breaker or fuse opened or was opened, or the meters behind an element lost supply together: tree, weather, animal, vehicle against a pole, failed equipment, or switching.',
      pt: 'Religador, disjuntor ou chave fusível abriu ou foi aberto, ou os medidores a jusante de um elemento perderam o fornecimento juntos: árvore, temporal, animal, abalroamento de poste, falha de equipamento ou manobra.',
    },
    consequence: {
      en: 'Every unit downstream is without supply; after 3 minutes the interruption counts in DIC, FIC and DEC, FEC. A conductor may lie on the ground.',
      pt: 'Todas as unidades a jusante estão sem fornecimento; após 3 minutos a interrupção conta em DIC, FIC e DEC, FEC. Pode haver cabo ao solo.',
    },
    operatorAction: {
      en: 'Check reported conductors on the ground before any reclosing. Locate the fault by the protection that tripped and the calls, isolate it, restore what can be fed from another feeder, dispatch a crew, and enter the cause when it is known.',
      pt: 'Antes de qualquer religamento, verifique se há aviso de cabo ao solo. Localize o defeito pela proteção que atuou e pelas chamadas, isole, transfira o que puder ser suprido por outro alimentador, despache equipe e registre a causa quando conhecida.',
    },
  },
  'priority-out': {
    ...{ ...usual, className: 'safety', priority: null, timeToRespondMs: 5 * minuteMs },
    cause: {
      en: 'An interruption reaches units of a registered priority service, such as hospitals, water works, public safety or electrically dependent persons.',
      pt: 'Uma interrupção atinge unidades com serviço prioritário cadastrado, como hospitais, saneamento, segurança pública ou pessoas que dependem de equipamento elétrico.',
    },
    consequence: {
      en: 'Lives may depend on batteries and generators that last minutes to hours; water, health and safety services of a whole town may stop.',
      pt: 'Vidas podem depender de baterias e geradores que duram de minutos a horas; água, saúde e segurança de uma cidade inteira podem parar.',
    },
    operatorAction: {
      en: 'Call the registered contact and ask how long their own supply lasts. Put this interruption first in the queue, look for a transfer or a mobile generator, and tell the contact the time of return you expect.',
      pt: 'Ligue para o contato cadastrado e pergunte quanto dura o suprimento próprio. Passe esta interrupção para a frente da fila, busque transferência ou gerador móvel e informe ao contato a previsão de retorno.',
    },
  },
  'dic-breaks': {
    ...{ ...usual, className: 'supply', priority: 'medium', timeToRespondMs: 30 * minuteMs },
    cause: {
      en: 'An interruption that lasts is about to take units beyond the hours that their month allows (DIC).',
      pt: 'Uma interrupção em curso está para levar unidades além das horas que o mês permite (DIC).',
    },
    consequence: {
      en: 'Each of these units is compensated on its bill, and the sum grows with every hour.',
      pt: 'Cada uma dessas unidades recebe compensação na fatura, e o valor cresce a cada hora.',
    },
    operatorAction: {
      en: 'Open the ranking of interruptions: if a transfer or a crew nearby restores these units in time, do it first, unless priority services or safety want otherwise.',
      pt: 'Abra a classificação das interrupções: se uma transferência ou uma equipe próxima religa estas unidades a tempo, faça primeiro, salvo serviço prioritário ou segurança.',
    },
  },
  'fic-breaks': {
    ...{ ...usual, className: 'supply', priority: 'low', timeToRespondMs: 30 * minuteMs },
    cause: {
      en: 'Units that have used up the number of interruptions of their month (FIC) are out again, and count one more as soon as 3 minutes have passed.',
      pt: 'Unidades que já esgotaram o número de interrupções do mês (FIC) estão desligadas de novo, e contam mais uma assim que passam 3 minutos.',
    },
    consequence: {
      en: 'They are compensated; many short interruptions at one place are a fault that comes back.',
      pt: 'Elas recebem compensação; muitas interrupções curtas no mesmo ponto são um defeito que volta.',
    },
    operatorAction: {
      en: 'Restore without one more trial reclosing onto the fault. Ask for an inspection of the stretch behind the element that keeps opening: pruning, insulators, settings of the recloser.',
      pt: 'Restabeleça sem mais um religamento de teste sobre o defeito. Peça inspeção do trecho a jusante do elemento que vive abrindo: poda, isoladores, ajuste do religador.',
    },
  },
  'dmic-breaks': {
    ...{ ...usual, className: 'supply', priority: 'low', timeToRespondMs: 30 * minuteMs },
    cause: {
      en: 'A single interruption is about to last longer than the longest one that the month of these units allows (DMIC).',
      pt: 'Uma única interrupção está para durar mais que a máxima que o mês destas unidades permite (DMIC).',
    },
    consequence: {
      en: 'They are compensated by the greatest of DIC, FIC and DMIC; usually few units at the end of a line that wait for a repair.',
      pt: 'Elas são compensadas pelo maior entre DIC, FIC e DMIC; em geral são poucas unidades em fim de linha que esperam reparo.',
    },
    operatorAction: {
      en: 'Ask the crew for the time that is left. If it is too long, restore in part: open a switch before the fault, or connect a mobile generator.',
      pt: 'Pergunte à equipe o tempo que falta. Se for demais, restabeleça em parte: abra uma chave antes do defeito ou ligue gerador móvel.',
    },
  },
  'dicri-breaks': {
    ...{ ...usual, className: 'supply', priority: 'low', timeToRespondMs: hourMs },
    cause: {
      en: 'An interruption that began on a critical day is about to last longer than a single event of such a day may (DICRI).',
      pt: 'Uma interrupção iniciada em dia crítico está para durar mais que um evento desse dia pode durar (DICRI).',
    },
    consequence: {
      en: 'DICRI is compensated for each event, on top of DIC, FIC and DMIC, although the hours of the critical day are left out of those.',
      pt: 'O DICRI é compensado a cada evento, somado a DIC, FIC e DMIC, embora as horas do dia crítico fiquem fora destes.',
    },
    operatorAction: {
      en: 'Among the interruptions of the storm, move up the oldest that a crew can close alone; note weather and access as evidence of the critical day while they can be seen.',
      pt: 'Entre as interrupções do temporal, antecipe as mais antigas que uma equipe fecha sozinha; registre tempo e acesso como evidência do dia crítico enquanto podem ser vistos.',
    },
  },
  'dise-breaks': {
    ...{ ...usual, className: 'supply', priority: 'low', timeToRespondMs: 2 * hourMs },
    cause: {
      en: 'An interruption within a situation of emergency is about to last longer than a single event of it may (DISE).',
      pt: 'Uma interrupção em situação de emergência está para durar mais que um evento dela pode durar (DISE).',
    },
    consequence: {
      en: 'DISE is compensated for each event, and the regulator asks how the situation was handled unit by unit.',
      pt: 'O DISE é compensado a cada evento, e o regulador pergunta como a situação foi conduzida unidade a unidade.',
    },
    operatorAction: {
      en: 'Tell the emergency coordination which blocks pass the limit next, so that crews on loan and generators go there; keep the log of access and safety restrictions complete.',
      pt: 'Informe à coordenação da contingência quais blocos passam do limite a seguir, para que equipes emprestadas e geradores sigam para lá; mantenha completo o registro de restrições de acesso e segurança.',
    },
  },
  'emergency-chi': {
    ...{ ...usual, className: 'supply', priority: 'low', timeToRespondMs: 2 * hourMs },
    cause: {
      en: 'The interruptions of one event add up to nearly, or more than, the customer-hours from which on it may count as a situation of emergency without a decree (2,612 × N^0.35).',
      pt: 'As interrupções de um mesmo evento somam quase, ou mais que, os consumidores-hora a partir dos quais pode haver situação de emergência sem decreto (2.612 × N^0,35).',
    },
    consequence: {
      en: 'If it is one, its interruptions leave DIC, FIC and DMIC and count in DISE; without evidence of the impediment the regulator puts them back, with compensation.',
      pt: 'Se for, as interrupções saem de DIC, FIC e DMIC e contam no DISE; sem evidência do impedimento o regulador as devolve, com compensação.',
    },
    operatorAction: {
      en: 'Tell the shift supervisor and the continuity office. Begin to gather evidence now: weather bulletins, photos, blocked roads, crews on the way. Propose the situation as an approval: two persons decide.',
      pt: 'Avise o supervisor do turno e a área de continuidade. Comece já a reunir evidências: boletins meteorológicos, fotos, vias bloqueadas, equipes em deslocamento. Proponha a situação como aprovação: duas pessoas decidem.',
    },
  },
  'critical-day': {
    ...{ ...usual, className: 'supply', priority: 'low', timeToRespondMs: 4 * hourMs },
    cause: {
      en: 'The emergency occurrences of a conjunto come near, or exceed, the mean of the past two years plus three standard deviations.',
      pt: 'As ocorrências emergenciais de um conjunto chegam perto, ou passam, da média dos últimos dois anos mais três desvios-padrão.',
    },
    consequence: {
      en: 'If the day counts as critical its interruptions leave DIC, FIC and DMIC and count in DICRI; crews for a normal day will not do.',
      pt: 'Se o dia contar como crítico, as interrupções saem de DIC, FIC e DMIC e contam no DICRI; equipes de um dia normal não bastam.',
    },
    operatorAction: {
      en: 'Call in stand-by crews of the conjunto and hold back planned shutdowns there. Open each occurrence as what it is, none twice: the count decides. Propose the critical day as an approval tomorrow.',
      pt: 'Acione as equipes de sobreaviso do conjunto e suspenda desligamentos programados nele. Abra cada ocorrência pelo que ela é, nenhuma duas vezes: a contagem decide. Amanhã proponha o dia crítico como aprovação.',
    },
  },
  'unit-limit': {
    ...{ ...usual, className: 'quality', priority: 'low', timeToRespondMs: 5 * dayMs },
    cause: {
      en: 'The interruptions of this month have taken a unit beyond a limit of DIC, FIC, DMIC, DICRI or DISE.',
      pt: 'As interrupções deste mês levaram uma unidade além de um limite de DIC, FIC, DMIC, DICRI ou DISE.',
    },
    consequence: {
      en: 'Compensation is due on the bill; further interruptions of the month make it more.',
      pt: 'Há compensação a creditar na fatura; novas interrupções no mês a aumentam.',
    },
    operatorAction: {
      en: 'Before the month is closed check begin, end and cause of its interruptions: a wrong reclosing time pays, too. Keep planned shutdowns away from its feeder for the rest of the month.',
      pt: 'Antes do fechamento do mês confira início, fim e causa das interrupções: hora de religamento errada também paga. Evite desligamento programado no alimentador até o fim do mês.',
    },
  },
  'dec-limit': {
    ...{ ...usual, className: 'quality', priority: 'low', timeToRespondMs: 5 * dayMs },
    cause: {
      en: 'The hours of interruption of a conjunto in this year come near its limit of DEC, or exceed it: long repairs, few transfer points, or one great event.',
      pt: 'As horas de interrupção de um conjunto neste ano chegam perto do limite de DEC, ou o passam: reparos longos, poucos pontos de transferência ou um grande evento.',
    },
    consequence: {
      en: 'The conjunto is published as transgressed and weighs on the distributor in the ranking and in plans of results asked for by ANEEL.',
      pt: 'O conjunto é publicado como transgredido e pesa sobre a distribuidora na classificação e em planos de resultados pedidos pela ANEEL.',
    },
    operatorAction: {
      en: 'Look at which feeders hold most of the hours. Bring forward live-line work and remote switches there, and let planned shutdowns of the conjunto pass the continuity office first.',
      pt: 'Veja quais alimentadores concentram as horas. Antecipe ali serviços em linha viva e chaves telecomandadas, e submeta antes os desligamentos programados do conjunto à área de continuidade.',
    },
  },
  'fec-limit': {
    ...{ ...usual, className: 'quality', priority: 'low', timeToRespondMs: 5 * dayMs },
    cause: {
      en: 'The number of interruptions of a conjunto in this year comes near its limit of FEC, or exceeds it: trees, animals, lightning, protection that does not select.',
      pt: 'O número de interrupções de um conjunto neste ano chega perto do limite de FEC, ou o passa: árvores, animais, raios, proteção sem seletividade.',
    },
    consequence: {
      en: 'The conjunto is published as transgressed; the same causes come back every month until they are removed.',
      pt: 'O conjunto é publicado como transgredido; as mesmas causas voltam todo mês até serem removidas.',
    },
    operatorAction: {
      en: 'List the elements that opened most often and their causes; ask for pruning, guards against animals and a study of the settings between recloser and fuses.',
      pt: 'Liste os elementos que mais abriram e as causas; peça poda, proteção contra animais e estudo de coordenação entre religador e fusíveis.',
    },
  },
}
