// Where a browser test happens: a daemon behind a relay, headless Chromium, and a page on which
// everything is noted that must not be: console errors, exceptions, requests to other origins.
//   DIRECTORY holds what the two sides tell each other: "port", and whatever else a test writes.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { relay } from './relay.mjs';

const { chromium } = await import(process.env.GENSPOOL_PLAYWRIGHT);
const PATIENCE_MS = 60000;
const TOKENS = JSON.parse(process.env.GENSPOOL_TOKENS); // by name

export const PHONE = { width: 390, height: 844 };
export const DESKTOP = { width: 1280, height: 800 };

export function must(holds, words) {
    if (!holds) throw new Error(words);
}

export class Place {
    static async open(directory) {
        const place = new Place();
        place.directory = directory;
        place.origin = `http://127.0.0.1:${await relay(join(directory, 'port'))}`;
        place.pictures = process.env.GENSPOOL_SCREENSHOTS || join(directory, 'screenshots');
        mkdirSync(place.pictures, { recursive: true });
        place.browser = await chromium.launch({ executablePath: process.env.GENSPOOL_CHROMIUM });
        place.wrong = [];
        return place;
    }

    /** The API as a program uses it, with the token of that name. */
    async api(method, path, body, name = 'desk') {
        const reply = await fetch(this.origin + path, {
            method,
            headers: {
                Authorization: `Bearer ${TOKENS[name]}`,
                'Content-Type': 'application/json',
            },
            body: body && JSON.stringify(body),
        });
        const answer = await reply.json();
        must(reply.ok, `${method} ${path}: ${JSON.stringify(answer)}`);
        return answer;
    }

    async submit(kind, custom_id, request) {
        return (await this.api('POST', '/v1/jobs', { kind, custom_id, request })).id;
    }

    /** Everything that is at work upstream is done now. */
    async finishWork() {
        await fetch(`${process.env.GENSPOOL_UPSTREAM}/sim/finish`, { method: 'POST' });
    }

    async awaitState(id, state) {
        while ((await this.api('GET', `/v1/jobs/${id}`)).state !== state) await pause(50);
    }

    /** A window of its own, in which nobody is signed in. */
    async window(viewport, colorScheme) {
        const context = await this.browser.newContext({ viewport, colorScheme });
        context.setDefaultTimeout(PATIENCE_MS);
        const page = await context.newPage();
        page.expected = []; // what Chromium says of answers that the test wants refused
        const note = (what) => {
            if (!page.expected.some((pattern) => pattern.test(what))) this.wrong.push(what);
        };
        page.on('console', (said) => {
            if (['error', 'warning'].includes(said.type()))
                note(`console: ${said.text()} (${said.location().url})`);
        });
        page.on('pageerror', (error) => note(`exception: ${error.stack}`));
        page.on('request', (request) => {
            if (new URL(request.url()).origin !== this.origin) note(`elsewhere: ${request.url()}`);
        });
        return page;
    }

    async signIn(page, name) {
        await page.goto(`${this.origin}/`);
        await page.getByLabel('Token').fill(TOKENS[name]);
        await page.getByRole('button', { name: 'Sign in' }).click();
        await page.getByRole('heading', { level: 1, name: 'Queue' }).waitFor();
    }

    async picture(page, name) {
        await page.screenshot({ path: join(this.pictures, `${name}.png`), fullPage: true });
    }

    tell(name) {
        writeFileSync(join(this.directory, name), '');
    }

    async hear(name) {
        while (!existsSync(join(this.directory, name))) await pause(20);
    }

    async close() {
        await this.browser.close();
        must(this.wrong.length === 0, `not wanted on the page:\n${this.wrong.join('\n')}`);
    }
}

/** The film or sound goes on by itself once it is started. */
export async function mustMove(page, selector) {
    await page.waitForFunction((s) => document.querySelector(s)?.currentTime > 0.1, selector);
}
