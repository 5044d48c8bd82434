const texts = {
  en: {
    language: 'en',
    title: 'Linha Viva',
    subtitle: 'Operations of electricity distribution',
    links: [
      ['/dashboard', 'Dashboard', 'What the field reports, live: for operators'],
      ['/editor', 'Editor', 'The flows that do it: for engineers'],
      ['/api/health', 'Health', 'What is up and what is down: for programs'],
    ],
  },
  pt: {
    language: 'pt-BR',
    title: 'Linha Viva',
    subtitle: 'Operação da distribuição de energia elétrica',
    links: [
      ['/dashboard', 'Painel', 'O que o campo informa, ao vivo: para operadores'],
      ['/editor', 'Editor', 'Os fluxos que fazem o trabalho: para engenheiros'],
      ['/api/health', 'Saúde', 'O que está no ar e o que não está: para programas'],
    ],
  },
} as const

/** The page at `/`, in Portuguese for browsers that prefer it to English, else in English. */
export function landingPage(acceptLanguage: string | undefined): string {
  const { language, title, subtitle, links } = texts[preferred(acceptLanguage)]
  const items = links.map(([href, name, what]) => `<li><a href="${href}"><b>${name}</b><span>${what}</span></a></li>`)
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>
:root { color-scheme: light dark; font: 100%/1.5 system-ui, sans-serif }
body { margin: 0; min-height: 100vh; display: grid; place-content: center; gap: 1.5rem; padding: 1rem; box-sizing: border-box }
h1, p, ul { margin: 0; padding: 0 }
ul { list-style: none; display: grid; gap: .75rem }
a { display: grid; padding: .75rem 1rem; border: 1px solid color-mix(in srgb, currentColor 30%, transparent); border-radius: .5rem; color: inherit; text-decoration: none }
a:hover, a:focus-visible { border-color: currentColor; outline: none }
span { opacity: .75 }
</style>
</head>
<body>
<header><h1>${title}</h1><p>${subtitle}</p></header>
<ul>
${items.join('\n')}
</ul>
</body>
</html>
`
}

/** The language with the highest weight of those we speak; of equal ones the first named. */
function preferred(acceptLanguage = ''): 'en' | 'pt' {
  const weighted = acceptLanguage.split(',').map((entry) => {
    const [tag = '', ...parameters] = entry.trim().toLowerCase().split(';')
    const weight = parameters
      .map((parameter) => /^\s*q=([\d.]+)$/.exec(parameter)?.[1])
      .find((found) => found !== undefined)
    return { language: tag.split('-')[0], weight: weight === undefined ? 1 : Number(weight) }
  })
  const spoken = weighted.filter(({ language, weight }) => (language === 'en' || language === 'pt') && weight > 0)
  return spoken.sort((one, other) => other.weight - one.weight)[0]?.language === 'pt' ? 'pt' : 'en'
}
