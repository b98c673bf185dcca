// A person's day with the dashboard, at a desk: signs in, watches a job live, plays what came,
// settles what is held, is refused what he may not do, and sees the daemon go and come back.
//   node tour.mjs DIRECTORY
import { checkPage } from './checks.mjs';
import { DESKTOP, must, mustMove, Place } from './place.mjs';

const place = await Place.open(process.argv[2]);
const page = await place.window(DESKTOP, 'light');
const dialog = page.getByRole('dialog');
const badge = (state) => page.locator(`.title [data-state="${state}"]`);
const open = (id) => page.goto(`${place.origin}/#/jobs/${id}`);
const press = (name) => page.getByRole('button', { name, exact: true }).click();

async function signsIn() {
    page.expected.push(/401 .*\/v1\/session\)/);
    await page.goto(`${place.origin}/`);
    await page.getByLabel('Token').fill('guessed');
    await press('Sign in');
    await page.getByText('This token is not known here.').waitFor();
    page.expected.length = 0;
    await place.signIn(page, 'boss');
    await page.locator('#live[data-state="live"]').waitFor();
    const cookies = await page.context().cookies();
    must(
        cookies.length === 1 && cookies[0].httpOnly && cookies[0].sameSite === 'Strict',
        'no strict cookie',
    );
    must(await page.evaluate(() => document.cookie === ''), 'a script can read the cookie');
}

async function watchesAFilm() {
    await page.evaluate(() => {
        window.sameLife = true;
    });
    const id = await place.submit('video', 'shot-017', {
        model: 'MiniMax-Hailuo-02',
        prompt: 'A kite above the dunes [[slow:600]]',
    });
    await page.getByRole('link', { name: 'shot-017' }).waitFor();
    await page.locator('[data-count="running"]').filter({ hasText: /^1$/ }).waitFor();
    await page
        .locator('[data-oldest="running"]')
        .filter({ hasText: /^\d+ (s|min)$/ })
        .waitFor();
    await page.getByRole('link', { name: 'shot-017' }).click();
    await badge('running').waitFor();
    await place.finishWork();
    await badge('succeeded').waitFor();
    await page.locator('video').waitFor();
    must(await page.evaluate(() => window.sameLife), 'the page was loaded anew');
    await page.keyboard.press('p');
    await mustMove(page, 'video');
    await page.getByText('0.28 USD').first().waitFor();
    await keepsTheFilmThroughRefreshes(id);
    await place.picture(page, 'film');
    return id;
}

/** Neither focus nor playing ends when the page is drawn anew, and something before the film comes or goes. */
async function keepsTheFilmThroughRefreshes(id) {
    const film = page.locator('video');
    await film.evaluate((video) => {
        window.interruptions = 0;
        for (const what of ['pause', 'emptied', 'blur'])
            video.addEventListener(what, () => (window.interruptions += 1));
        video.loop = true;
        return video.play();
    });
    for (const reason of ['a word before it', null]) {
        await page.route(`**/v1/jobs/${id}`, async (route) => {
            const reply = await route.fetch();
            const json = { ...(await reply.json()), reason };
            await film.evaluate((video) => {
                video.focus();
                window.interruptions = 0;
            });
            await route.fulfill({ response: reply, json });
        });
        // After an action, though it was called off, the page is loaded anew.
        await press('Retry…');
        await dialog.getByRole('button', { name: 'Leave it' }).click();
        await page.getByText('a word before it').waitFor({ state: reason ? 'visible' : 'detached' });
        await page.unroute(`**/v1/jobs/${id}`);
        must((await page.evaluate(() => window.interruptions)) === 0, 'the film was interrupted');
        must(
            await film.evaluate((video) => video === document.activeElement && !video.paused),
            'the film has lost the focus, or stopped',
        );
    }
}

async function hearsAndSees() {
    await open(
        await place.submit('music', 'theme', {
            model: 'music-2.6',
            prompt: 'a shanty',
            lyrics: 'la la la',
        }),
    );
    await page.locator('audio').waitFor();
    await page.locator('audio').evaluate((audio) => audio.play());
    await mustMove(page, 'audio');
    await open(
        await place.submit('image', 'poster', { model: 'image-01', prompt: 'a kite', n: 2 }),
    );
    await badge('succeeded').waitFor();
    await page.waitForFunction(
        () =>
            [...document.querySelectorAll('figure img')].filter((img) => img.naturalWidth > 0)
                .length === 2,
    );
}

async function settlesWhatIsHeld() {
    const speech = {
        model: 'speech-2.8-hd',
        text: 'Hold fast! [[drop]]',
        voice_setting: { voice_id: 'English_Graceful_Lady' },
    };
    const id = await place.submit('tts', 'line-2', speech);
    await page.keyboard.press('g');
    await page.keyboard.press('q');
    await page.getByRole('heading', { name: 'Waits for a person' }).waitFor();
    await page.getByRole('link', { name: 'line-2' }).click();
    await badge('held').waitFor();
    await page.keyboard.press('e');
    await dialog
        .getByText(/bought for about 0.0\d+ USD. If it is there after all, you pay twice/)
        .waitFor();
    await dialog.getByRole('button', { name: 'Settle it' }).click();
    await dialog.getByText('Say which of the three it is.').waitFor();
    await place.picture(page, 'resolve');
    await dialog.getByRole('radio', { name: /Let it go/ }).check();
    await dialog.getByRole('button', { name: 'Settle it' }).click();
    await badge('failed').waitFor();

    // What may have been bought is not bought again without a second question.
    page.expected.push(/409 .*\/retry\)/);
    await press('Retry…');
    await dialog.getByRole('button', { name: 'Retry' }).click();
    await dialog.getByRole('heading', { name: 'Pay a second time?' }).waitFor();
    await dialog.getByText(/on top of what was paid before/).waitFor();
    await place.picture(page, 'again');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    must(
        (await place.api('GET', `/v1/jobs/${id}`)).state === 'failed',
        'it was bought again unasked',
    );
}

async function cancelsWhatWasBought() {
    await open(
        await place.submit('video', 'shot-018', {
            model: 'MiniMax-Hailuo-02',
            prompt: 'Gulls [[slow:600]]',
        }),
    );
    await badge('running').waitFor();
    await press('Cancel…');
    await dialog.getByText(/0.28 USD is reserved/).waitFor();
    must(
        await dialog
            .getByRole('button', { name: 'Keep it' })
            .evaluate((b) => b === document.activeElement),
        'Enter would cancel',
    );
    await dialog.getByRole('button', { name: 'Cancel the job' }).click();
    await badge('canceling').waitFor();
}

async function pausesAndResumes() {
    await page.goto(`${place.origin}/#/accounts`);
    await press('Pause main');
    await dialog.getByLabel('Reason (shown to everybody)').fill('invoice');
    await dialog.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('article').getByText('paused', { exact: true }).waitFor();
    await press('Resume main');
    await dialog.getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('article').getByText('ok', { exact: true }).waitFor();
    await page.goto(`${place.origin}/#/`);
    await press('Pause…');
    await dialog.getByLabel('Reason (shown to everybody)').fill('the bill is being looked at');
    await dialog.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('the bill is being looked at').waitFor();
    const waiting = await place.submit('video', 'waits', {
        model: 'MiniMax-Hailuo-02',
        prompt: 'later',
    });
    await open(waiting);
    await page.getByText('pause', { exact: true }).waitFor();
    // What the daemon says at this moment counts, not what the page shows.
    await page.route(`**/v1/jobs/${waiting}`, async (route) => {
        const reply = await route.fetch();
        await route.fulfill({ response: reply, json: { ...(await reply.json()), state: 'running' } });
    });
    await press('Cancel');
    await dialog.getByText(/It has been bought, or may have been/).waitFor();
    await page.unroute(`**/v1/jobs/${waiting}`);
    await dialog.getByRole('button', { name: 'Keep it' }).click();
    // It costs nothing yet, so nothing is asked.
    await press('Cancel');
    await badge('canceled').waitFor();
    await page.goto(`${place.origin}/#/`);
    await press('Resume…');
    await dialog.getByRole('button', { name: 'Resume' }).click();
    await press('Pause…');
    await dialog.getByRole('button', { name: 'Back' }).click();
}

async function filters() {
    await page.goto(`${place.origin}/#/jobs`);
    await page.getByRole('heading', { level: 1, name: 'Jobs' }).waitFor();
    await page.keyboard.press('/');
    must(
        await page.getByLabel('State').evaluate((select) => select === document.activeElement),
        'the filter has no focus',
    );
    await page.getByLabel('State').selectOption('failed');
    await page.waitForURL(/state=failed/);
    await page.waitForFunction(() => document.title.startsWith('Jobs: failed'));
    await page.locator('main:not([aria-busy]) tbody tr').first().waitFor();
    must(
        (await page.locator('tbody [data-state]:not([data-state="failed"])').count()) === 0,
        'others are listed',
    );
    // The filter keeps the focus, and in it keys are what is typed.
    await page.locator('select[name="state"]:focus').blur();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL(/jobs\/01/);
}

async function seesTheDaemonComeBack(film) {
    await open(film);
    await badge('succeeded').waitFor();
    page.expected.push(/net::ERR_/, /Failed to fetch/);
    place.tell('restart');
    await page.locator('#live[data-state="lost"]').waitFor();
    place.tell('seen');
    await place.hear('restarted');
    await page.locator('#live[data-state="live"]').waitFor();
    page.expected.length = 0;
    await place.submit('video', 'after', { model: 'MiniMax-Hailuo-02', prompt: 'and on it goes' });
    await page.goto(`${place.origin}/#/jobs`);
    await page.getByRole('link', { name: 'after', exact: true }).waitFor();
}

async function isRefused(film) {
    const guest = await place.window(DESKTOP, 'dark');
    await place.signIn(guest, 'guest');
    await guest.goto(`${place.origin}/#/jobs/${film}`);
    await guest.getByText(/You are token:guest: you may look. Only token:desk/).waitFor();
    guest.expected.push(/403 .*\/retry\)/);
    await guest.getByRole('button', { name: 'Retry…' }).click();
    await guest.getByRole('dialog').getByRole('button', { name: 'Retry' }).click();
    await guest
        .getByRole('alert')
        .getByText(/You may not do that/)
        .waitFor();
    await place.picture(guest, 'refused');
    await checkPage(guest, 'refused');
    await guest.context().close();
}

async function signsOut() {
    const [cookie] = await page.context().cookies();
    await press('Sign out');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    must((await page.context().cookies()).length === 0, 'the browser keeps the cookie');
    const reply = await fetch(`${place.origin}/v1/jobs`, {
        headers: { Cookie: `${cookie.name}=${cookie.value}` },
    });
    must(reply.status === 401, `the cookie is still good: ${reply.status}`);
}

await signsIn();
const film = await watchesAFilm();
await hearsAndSees();
await settlesWhatIsHeld();
await cancelsWhatWasBought();
await pausesAndResumes();
await filters();
await isRefused(film);
await seesTheDaemonComeBack(film);
await signsOut();
await place.close();
