// Sends the requests of unchanged packages to the simulators: replaces `fetch`, and in it the host.
import { readFileSync } from "node:fs";

const hosts = {
  "api.lemonsqueezy.com": "lemonsqueezy",
  "test-api.creem.io": "creem",
};

const printed = JSON.parse(readFileSync(process.env.SELLERS, "utf8"));
export const sellers = Object.fromEntries(
  printed.map(({ provider, base_url, token, role_keys }) => {
    const keys = role_keys.split(" ").map((role) => role.split("="));
    return [provider, { url: base_url, token, keys: Object.fromEntries(keys) }];
  }),
);

const network = globalThis.fetch;
globalThis.fetch = async (input, init) => {
  const request = new Request(input, init);
  const url = new URL(request.url);
  const vendor = hosts[url.host];
  if (!vendor) throw new Error(`no simulator has the host ${url.host}`);
  return network(new Request(sellers[vendor].url + url.pathname + url.search, request));
};
