import type { OidcReason } from '../access/oidc/refusal.ts'
import type { Role } from '../access/roles.ts'
import type { Fault } from './fault-page.ts'
import type { Language } from './language.ts'
import type { Place } from './places.ts'

/** Every text of our pages. */
export interface Texts {
  readonly subtitle: string
  readonly language: string
  readonly roles: Readonly<Record<Role, string>>
  readonly account: {
    readonly label: string
    readonly logOut: string
    readonly logIn: string
    readonly password: string
    readonly failed: string
  }
  readonly landing: {
    readonly welcome: (name: string) => string
    readonly stranger: string
    readonly open: string
    readonly places: Readonly<Record<Place['name'], readonly [name: string, what: string]>>
  }
  readonly login: {
    readonly title: string
    readonly username: string
    readonly password: string
    readonly submit: string
    readonly busy: string
    readonly or: string
    readonly byProvider: string
    readonly notices: { readonly ended: string; readonly noCookies: string }
    readonly needsScript: string
    readonly problems: { readonly wrong: string }
  }
  readonly password: {
    readonly title: string
    readonly rule: string
    readonly present: string
    readonly fresh: string
    readonly repeated: string
    readonly submit: string
    readonly done: string
    readonly problems: {
      readonly wrong: string
      readonly weak: string
      readonly different: string
      readonly ofProvider: string
    }
  }
  /** What every form of passwords may have to say; its script says it. */
  readonly forms: {
    readonly show: string
    readonly hide: string
    readonly capsLock: string
    readonly busy: string
    readonly tooMany: string
    /** With `{seconds}`. */
    readonly wait: string
    readonly away: string
    readonly unreachable: string
    readonly refused: string
  }
  readonly logout: {
    readonly title: string
    readonly ask: (name: string) => string
    readonly done: string
    readonly doneDetail: string
    readonly again: string
  }
  readonly faults: Readonly<Record<Fault, { readonly title: string; readonly detail: string }>>
  readonly oidc: {
    readonly title: string
    readonly goingOn: string
    readonly goOn: string
    readonly back: string
    readonly reasons: Readonly<Record<OidcReason, string>>
  }
}

const english: Texts = {
  subtitle: 'Operations of electricity distribution',
  language: 'Language',
  roles: { viewer: 'Viewer', operator: 'Operator', engineer: 'Engineer', admin: 'Administrator' },
  account: {
    label: 'Account',
    logOut: 'Log out',
    logIn: 'Log in',
    password: 'Change password',
    failed: 'The server does not answer: you are still logged in.',
  },
  landing: {
    welcome: (name) => `Hello, ${name}`,
    stranger: 'Log in to see the field and to work on it.',
    open: 'What you may open',
    places: {
      dashboard: ['Dashboard', 'What the field reports, live'],
      editor: ['Editor', 'The flows that do the work'],
      docs: ['API', 'Every route, to read and to try'],
      health: ['Health', 'What is up and what is down'],
    },
  },
  login: {
    title: 'Log in',
    username: 'User name',
    password: 'Password',
    submit: 'Log in',
    busy: 'Logging in …',
    or: 'or',
    byProvider: 'Log in with your organization',
    notices: {
      ended: 'Your session has ended. Log in again to go on.',
      noCookies: 'Your browser has not kept the session: allow cookies for this address.',
    },
    needsScript: 'This page needs JavaScript to log you in.',
    problems: { wrong: 'User name or password is wrong.' },
  },
  password: {
    title: 'Change password',
    rule: '12 characters or more, with lower and upper case letters, a number and a symbol.',
    present: 'Present password',
    fresh: 'New password',
    repeated: 'New password again',
    submit: 'Change password',
    done: 'Your password is changed. Your other sessions are closed.',
    problems: {
      wrong: 'The present password is wrong.',
      weak: 'The new password is too weak.',
      different: 'The new password is not the same both times.',
      ofProvider: 'Your password is with the login service of your organization: change it there.',
    },
  },
  forms: {
    show: 'Show password',
    hide: 'Hide password',
    capsLock: 'Caps Lock is on',
    busy: 'One moment …',
    tooMany: 'Too many attempts: wait a little.',
    wait: 'Try again in {seconds} s',
    away: 'The server cannot check passwords at the moment: its database is away. Try again soon.',
    unreachable: 'The server does not answer. Check the connection and try again.',
    refused: 'The server refused this.',
  },
  logout: {
    title: 'Log out',
    ask: (name) => `You are logged in as ${name}.`,
    done: 'You are logged out',
    doneDetail: 'Every page of this session is closed.',
    again: 'Log in again',
  },
  faults: {
    away: { title: 'Not available', detail: 'The server cannot answer at the moment. Try again soon.' },
    noRight: {
      title: 'Not for your role',
      detail: 'Only engineers and administrators edit flows. An administrator can give you another role.',
    },
    editorOff: { title: 'The editor is off', detail: 'Flows are not edited on this installation (FLOW_EDITOR=off).' },
    nothingHere: { title: 'Nothing here', detail: 'There is no page at this address.' },
  },
  oidc: {
    title: 'You are not logged in',
    goingOn: 'You are logged in',
    goOn: 'Go on',
    back: 'Back to the login page',
    reasons: {
      provider_away:
        'The login service of your organization does not answer. Try again soon, or log in with a user of Linha Viva.',
      denied: 'The login service of your organization says no.',
      not_begun: 'This login was begun too long ago, in another browser, or is over already. Begin again.',
      not_verified:
        'What the login service answered could not be verified. Begin again; if that does not help, tell your administrator.',
      no_username:
        'The login service of your organization does not tell a user name that Linha Viva can use. Tell your administrator.',
      no_role: 'Your organization has given you no role in Linha Viva. Ask your administrator for one.',
      name_taken: 'Your user name belongs to another user of Linha Viva. Tell your administrator.',
      disabled: 'Your user is disabled. Tell your administrator.',
    },
  },
}

const portuguese: Texts = {
  subtitle: 'Operação da distribuição de energia elétrica',
  language: 'Idioma',
  roles: { viewer: 'Consulta', operator: 'Operação', engineer: 'Engenharia', admin: 'Administração' },
  account: {
    label: 'Conta',
    logOut: 'Sair',
    logIn: 'Entrar',
    password: 'Alterar senha',
    failed: 'O servidor não responde: sua sessão continua aberta.',
  },
  landing: {
    welcome: (name) => `Olá, ${name}`,
    stranger: 'Entre para ver o campo e trabalhar nele.',
    open: 'O que você pode abrir',
    places: {
      dashboard: ['Painel', 'O que o campo informa, ao vivo'],
      editor: ['Editor', 'Os fluxos que fazem o trabalho'],
      docs: ['API', 'Todas as rotas, para ler e experimentar'],
      health: ['Saúde', 'O que está no ar e o que não está'],
    },
  },
  login: {
    title: 'Entrar',
    username: 'Usuário',
    password: 'Senha',
    submit: 'Entrar',
    busy: 'Entrando …',
    or: 'ou',
    byProvider: 'Entrar pela sua organização',
    notices: {
      ended: 'Sua sessão terminou. Entre de novo para continuar.',
      noCookies: 'Seu navegador não guardou a sessão: permita cookies para este endereço.',
    },
    needsScript: 'Esta página precisa de JavaScript para você entrar.',
    problems: { wrong: 'Usuário ou senha incorretos.' },
  },
  password: {
    title: 'Alterar senha',
    rule: '12 caracteres ou mais, com letras minúsculas e maiúsculas, um número e um símbolo.',
    present: 'Senha atual',
    fresh: 'Nova senha',
    repeated: 'Nova senha de novo',
    submit: 'Alterar senha',
    done: 'Sua senha foi alterada. Suas outras sessões foram encerradas.',
    problems: {
      wrong: 'A senha atual está errada.',
      weak: 'A nova senha é fraca demais.',
      different: 'A nova senha não é a mesma nas duas vezes.',
      ofProvider: 'Sua senha está no serviço de login da sua organização: altere-a lá.',
    },
  },
  forms: {
    show: 'Mostrar senha',
    hide: 'Ocultar senha',
    capsLock: 'Caps Lock está ativado',
    busy: 'Um momento …',
    tooMany: 'Tentativas demais: espere um pouco.',
    wait: 'Tente de novo em {seconds} s',
    away: 'O servidor não consegue conferir senhas no momento: o banco de dados está fora do ar. Tente de novo em breve.',
    unreachable: 'O servidor não responde. Verifique a conexão e tente de novo.',
    refused: 'O servidor recusou.',
  },
  logout: {
    title: 'Sair',
    ask: (name) => `Você entrou como ${name}.`,
    done: 'Você saiu',
    doneDetail: 'Todas as páginas desta sessão foram encerradas.',
    again: 'Entrar de novo',
  },
  faults: {
    away: {
      title: 'Indisponível',
      detail: 'O servidor não consegue responder no momento. Tente de novo em breve.',
    },
    noRight: {
      title: 'Sem permissão',
      detail: 'Só a engenharia e a administração editam fluxos. Um administrador pode lhe dar outro papel.',
    },
    editorOff: {
      title: 'O editor está desligado',
      detail: 'Nesta instalação os fluxos não são editados (FLOW_EDITOR=off).',
    },
    nothingHere: { title: 'Nada aqui', detail: 'Não há página neste endereço.' },
  },
  oidc: {
    title: 'Você não entrou',
    goingOn: 'Você entrou',
    goOn: 'Continuar',
    back: 'Voltar à página de entrada',
    reasons: {
      provider_away:
        'O serviço de login da sua organização não responde. Tente de novo em breve, ou entre com um usuário da Linha Viva.',
      denied: 'O serviço de login da sua organização recusou a entrada.',
      not_begun: 'Este login começou há tempo demais, em outro navegador, ou já foi concluído. Comece de novo.',
      not_verified:
        'Não foi possível verificar a resposta do serviço de login. Comece de novo; se persistir, avise seu administrador.',
      no_username:
        'O serviço de login da sua organização não informa um nome de usuário que a Linha Viva possa usar. Avise seu administrador.',
      no_role: 'Sua organização não lhe deu um papel na Linha Viva. Peça um ao seu administrador.',
      name_taken: 'Seu nome de usuário pertence a outro usuário da Linha Viva. Avise seu administrador.',
      disabled: 'Seu usuário está desativado. Avise seu administrador.',
    },
  },
}

export const texts: Readonly<Record<Language, Texts>> = { 'en-US': english, 'pt-BR': portuguese }
