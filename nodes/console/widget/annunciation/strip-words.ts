import type { Words } from '../screens/screen-words.ts'

const english = {
  calling: 'Alarms that call',
  newAlarm: 'New alarm: {priority}. {text}',
  andMore: 'and {count} more',
  ago: '{age} ago',
  mute: 'Mute alarms',
  muted: 'Alarms muted',
  blocked: 'The browser lets alarms be heard only after a click or a key on this page.',
  letSound: 'Let alarms be heard',
  unknown: 'New alarms cannot be seen without a connection.',
}

/** What the line of alarms under the links says. */
export const stripWords: Words<keyof typeof english> = {
  'en-US': english,
  'pt-BR': {
    calling: 'Alarmes que chamam',
    newAlarm: 'Novo alarme: {priority}. {text}',
    andMore: 'e mais {count}',
    ago: 'há {age}',
    mute: 'Silenciar alarmes',
    muted: 'Alarmes silenciados',
    blocked: 'O navegador só deixa os alarmes soarem depois de um clique ou tecla nesta página.',
    letSound: 'Deixar soar',
    unknown: 'Sem conexão não se veem novos alarmes.',
  },
}
