// Hears of every change from the event stream, and says how well it hears. Reconnects by itself;
// where events rush, or the tab is hidden, it does not listen to each of them.

import { whoAmI } from './api.js';

const RUSH_EVENTS = 400; // in one second: more than anybody can watch
const RUSH_PAUSE_MS = 5000;
const RUSH_REFRESH_MS = 2000;
const AGAIN_MS = 2000;

const WORDS = {
    live: 'live',
    busy: 'busy: every 2 s',
    lost: 'reconnecting…',
    off: 'signed out',
};

/**
 * onChange(event): something happened; null: anything may have.
 * onState(state, words): 'live', 'busy', 'lost' or 'off'.
 */
export class Live {
    constructor(onChange, onState) {
        this.onChange = onChange;
        this.onState = onState;
        this.wanted = false;
        document.addEventListener('visibilitychange', () => this.#turn());
    }

    start() {
        this.wanted = true;
        this.#turn();
    }

    stop() {
        this.wanted = false;
        this.#turn();
        this.#say('off');
    }

    /** A hidden tab would hold one of the few connections that a browser has to one place. */
    #turn() {
        this.#close();
        if (this.wanted && !document.hidden) this.#open();
    }

    #open() {
        this.#count = 0;
        this.#second = Date.now();
        const source = new EventSource('/v1/events');
        this.#source = source;
        source.onopen = () => {
            this.#say('live');
            this.onChange(null);
        };
        source.onmessage = (message) => this.#heard(message);
        source.onerror = () => this.#broken(source);
    }

    #heard(message) {
        const now = Date.now();
        if (now - this.#second > 1000) {
            this.#second = now;
            this.#count = 0;
        }
        this.#count += 1;
        if (this.#count > RUSH_EVENTS) return this.#rest();
        return this.onChange(JSON.parse(message.data));
    }

    #rest() {
        this.#close();
        this.#say('busy');
        this.onChange(null);
        this.#ticker = setInterval(() => this.onChange(null), RUSH_REFRESH_MS);
        this.#timer = setTimeout(() => this.#turn(), RUSH_PAUSE_MS);
    }

    /** EventSource tries again after a lost connection, but never after a refusal. */
    async #broken(source) {
        this.#say('lost');
        if (source.readyState !== EventSource.CLOSED) return;
        this.#close();
        this.#timer = setTimeout(async () => {
            // Whoever is not known any more is told so by this, and stops us.
            await whoAmI().catch(() => {});
            if (this.wanted) this.#turn();
        }, AGAIN_MS);
    }

    #close() {
        clearTimeout(this.#timer);
        clearInterval(this.#ticker);
        this.#source?.close();
        this.#source = null;
    }

    #say(state) {
        this.onState(state, WORDS[state]);
    }

    #source = null;
    #timer = 0;
    #ticker = 0;
    #count = 0;
    #second = 0;
}
