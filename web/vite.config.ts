import { defineConfig } from "vite";

export default defineConfig({
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    rollupOptions: { input: { desk: "desk.html", phone: "phone.html" } },
  },
});
