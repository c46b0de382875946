/** A service as a team has it that never heard of Sluice: Python's own HTTP server, a Dockerfile, and no sluice.yaml. */
export const foreignFiles = {
	Dockerfile: `FROM python:3.12-slim
WORKDIR /srv
COPY orders.py .
EXPOSE 8000
HEALTHCHECK CMD python -c "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/ready')"
USER nobody
CMD ["python", "-u", "orders.py"]
`,
	"orders.py": `import json, signal, sys, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Orders(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = json.dumps({"orders": [], "edition": "first"}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, form, *values):
        print("asked for", self.path, flush=True)


server = ThreadingHTTPServer(("0.0.0.0", 8000), Orders)
server.daemon_threads = True
signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
print("orders are taken on 8000", flush=True)
server.serve_forever()
`,
	"README.md": "# Orders\n",
};
