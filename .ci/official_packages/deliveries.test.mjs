import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { validateEvent } from "@polar-sh/sdk/webhooks";
import { parseWebhookEventEntity, verifyWebhookSignature } from "creem/webhooks.js";
import DodoPayments from "dodopayments";

const lines = readFileSync(process.env.DELIVERIES, "utf8").trim().split("\n");
const deliveries = lines.map((line) => JSON.parse(line));
const type = ({ body }) => {
  const parsed = JSON.parse(body);
  return parsed.type ?? parsed.eventType;
};

const readers = {
  creem: async ({ body, headers, secret }) => {
    await verifyWebhookSignature(body, headers, secret);
    return { type: parseWebhookEventEntity(body).eventType };
  },
  dodo: ({ body, headers, secret }) => new DodoPayments({ bearerToken: "x", webhookKey: secret }).webhooks.unwrap(body, { headers }),
  // Takes the secret for text, also one of the scheme of September 2026, which is base64.
  polar: ({ body, headers, secret }) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64").toString("utf8");
    return validateEvent(body, headers, key);
  },
};

for (const [vendor, read] of Object.entries(readers)) {
  const own = deliveries.filter((delivery) => delivery.vendor === vendor);
  const kinds = new Map(own.map((delivery) => [`${delivery.release} ${type(delivery)}`, delivery]));
  assert.ok(kinds.size > 3, vendor);
  for (const [kind, delivery] of kinds) {
    test(`${vendor} ${kind}`, async () => {
      const event = await read(delivery);
      assert.equal(event.type, type(delivery));
    });
  }
}
