// Runs a load again when something has changed: never two at once, and the longer one takes, the
// longer the next one waits, so that a busy queue does not make a busy page.

const PAUSE_MS = 700;
const SHARE = 4; // of the time at most a fourth is spent loading

export class Refresher {
    constructor(load) {
        this.load = load;
    }

    /** Soon, or after what goes on at the moment. */
    ask() {
        this.#wanted = true;
        if (!this.#busy && !this.#timer) this.now();
    }

    async now() {
        clearTimeout(this.#timer);
        this.#timer = 0;
        if (this.#stopped) return;
        if (this.#busy) {
            this.#wanted = true;
            return;
        }
        this.#busy = true;
        this.#wanted = false;
        const began = performance.now();
        try {
            await this.load();
        } finally {
            this.#busy = false;
            const took = performance.now() - began;
            this.#timer = setTimeout(
                () => {
                    this.#timer = 0;
                    if (this.#wanted) this.now();
                },
                Math.max(PAUSE_MS, SHARE * took),
            );
        }
    }

    stop() {
        this.#stopped = true;
        clearTimeout(this.#timer);
    }

    #busy = false;
    #wanted = false;
    #stopped = false;
    #timer = 0;
}
