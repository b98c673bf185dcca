// Every page on a desk and on a phone, in light and in dark: nothing sticks out, all can be read,
// and the film plays.
//   node looks.mjs DIRECTORY
import { checkPage } from './checks.mjs';
import { DESKTOP, mustMove, PHONE, Place } from './place.mjs';

const place = await Place.open(process.argv[2]);
const film = await place.submit('video', 'shot-017', {
    model: 'MiniMax-Hailuo-02',
    prompt: 'A kite above the dunes at dawn; the camera follows it slowly.',
});
const failed = await place.submit('video', 'shot-018', {
    model: 'MiniMax-Hailuo-02',
    prompt: 'Gulls [[fail:1027]]',
});
const held = await place.submit('tts', 'line-2', {
    model: 'speech-2.8-hd',
    text: 'Hold fast! [[drop]]',
    voice_setting: { voice_id: 'English_Graceful_Lady' },
});
const running = await place.submit('video', 'shot-019', {
    model: 'MiniMax-Hailuo-02',
    prompt: 'The storm [[slow:600]]',
});
const { batch } = await place.api(
    'POST',
    '/v1/jobs',
    Array.from({ length: 4 }, (_, i) => ({
        kind: 'video',
        custom_id: `take-${i}`,
        request: { model: 'MiniMax-Hailuo-02', prompt: `take ${i} ${i % 2 ? '' : '[[slow:600]]'}` },
    })),
);
await Promise.all([
    place.awaitState(film, 'succeeded'),
    place.awaitState(failed, 'failed'),
    place.awaitState(held, 'held'),
    place.awaitState(running, 'running'),
]);

const PAGES = {
    queue: '#/',
    jobs: '#/jobs',
    batches: '#/batches',
    batch: `#/batches/${batch}`,
    accounts: '#/accounts',
    held: `#/jobs/${held}`,
    failed: `#/jobs/${failed}`,
    running: `#/jobs/${running}`,
    film: `#/jobs/${film}`,
};

for (const [size, viewport] of Object.entries({ desk: DESKTOP, phone: PHONE })) {
    for (const scheme of ['light', 'dark']) {
        const page = await place.window(viewport, scheme);
        await page.goto(`${place.origin}/`);
        await page.getByRole('heading', { name: 'Sign in' }).waitFor();
        await place.picture(page, `sign-in-${size}-${scheme}`);
        await checkPage(page, `sign-in-${size}-${scheme}`);
        await place.signIn(page, 'boss');
        for (const [name, hash] of Object.entries(PAGES)) {
            await page.goto(`${place.origin}/${hash}`);
            await page.locator('main:not([aria-busy]) h1').waitFor();
            await place.picture(page, `${name}-${size}-${scheme}`);
            await checkPage(page, `${name}-${size}-${scheme}`);
        }
        await page.locator('video').evaluate((video) => video.play());
        await mustMove(page, 'video');
        await page.keyboard.press('?');
        await page.getByRole('dialog').waitFor();
        await place.picture(page, `keys-${size}-${scheme}`);
        await page.context().close();
    }
}
await place.close();
