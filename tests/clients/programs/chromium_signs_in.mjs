// Chromium, driven as a person would use it: opens an address, fills in the sign-in page, and looks at where it ends.
// node chromium_signs_in.mjs JOB, where JOB is JSON; prints JSON.
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const job = JSON.parse(process.argv[2]);
const found = createRequire(pathToFileURL(`${job.modules}/`)).resolve('puppeteer-core');
const { default: puppeteer } = await import(pathToFileURL(found));

const WAIT = 20_000;
const MOST_PAGES = 12;

const browser = await puppeteer.launch({
  executablePath: job.chromium,
  headless: true,
  userDataDir: path.join(job.home, 'profile'),
  env: { ...process.env, HOME: job.home },
  args: ['--no-sandbox', '--no-first-run', '--disable-gpu', '--disable-background-networking', '--window-size=1000,800'],
  defaultViewport: { width: 1000, height: 800 },
});
try {
  const page = await browser.newPage();
  const complaints = [];
  page.on('console', (message) => complaints.push({ at: message.location().url ?? page.url(), text: message.text() }));
  page.on('pageerror', (error) => complaints.push({ at: page.url(), text: error.message }));
  const before = [];
  for (const address of job.strays ?? []) {
    const answer = await page.goto(address, { timeout: WAIT });
    before.push({ url: page.url(), status: answer.status(), text: await text(page) });
    await pictures(page, job.stray_picture);
  }
  await page.goto(job.url, { timeout: WAIT });
  const first = new URL(page.url()).origin;
  for (let count = 0; new URL(page.url()).origin === first && !(await page.$('#done')); count += 1) {
    if (count === MOST_PAGES) throw new Error(`still at ${page.url()}: ${await text(page)}`);
    await step(page);
  }
  const shown = await page.evaluate(() => ({
    title: document.title,
    language: document.documentElement.lang,
    // One that the page's own policy forbids is not among them.
    styles: document.styleSheets.length,
    widest: Math.max(0, ...[...document.querySelectorAll('svg')].map((drawing) => drawing.getBoundingClientRect().width)),
    scripts: document.scripts.length,
    links: document.querySelectorAll('a[href], img, iframe, link[rel=stylesheet]').length,
  }));
  await pictures(page, job.picture);
  const ended = new URL(page.url());
  const ours = complaints.filter(({ at }) => at.startsWith(ended.origin)).map(({ text }) => text);
  console.log(JSON.stringify({
    version: await browser.version(), before, url: ended.href, text: await text(page), complaints: ours, ...shown,
  }));
} finally {
  await browser.close();
}

// What a person does with one page: the field that is there, then the button that leads on, or the one that does not.
async function step(page) {
  const fields = { loginfmt: job.user, passwd: job.password, otc: job.user_code };
  for (const [name, value] of Object.entries(fields)) {
    const field = await page.$(`input[name=${name}]:not([type=hidden])`);
    if (field) await field.type(value ?? '');
  }
  const wanted = job.cancels ? 'button[value=cancel]' : 'button:not([value=cancel])';
  const button = await page.waitForSelector(wanted, { timeout: WAIT });
  await Promise.all([page.waitForNavigation({ timeout: WAIT }), button.click()]);
  // A page that sends itself on is not where one stays.
  await page.waitForFunction(() => !document.forms.hiddenform, { timeout: WAIT });
}

async function text(page) {
  return page.evaluate(() => document.body.innerText);
}

// By day, by night, and on a telephone.
async function pictures(page, name) {
  if (!name) return;
  const views = [['light', 1000], ['dark', 1000], ['light', 375]];
  for (const [scheme, width] of views) {
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    await page.setViewport({ width, height: 700 });
    await page.screenshot({ path: path.join(job.pictures, `${name}-${scheme}-${width}.png`) });
  }
}
