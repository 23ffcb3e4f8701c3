{{- define "styrhjul.labels" -}}
app.kubernetes.io/name: styrhjul
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{/* What stands around every container: who it runs as, what it may write, where its secrets lie. */}}
{{- define "styrhjul.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  seccompProfile: { type: RuntimeDefault }
volumes:
  - name: secrets
    secret:
      secretName: {{ .root.Values.secretName }}
      defaultMode: 0440
      items:
        {{- range .secrets }}
        - { key: {{ . }}, path: {{ . }} }
        {{- end }}
  - name: data
    emptyDir: { sizeLimit: 200Mi }
  - name: tmp
    emptyDir: { sizeLimit: 500Mi }
  {{- with .claim }}
  - name: backups
    persistentVolumeClaim: { claimName: {{ . }} }
  {{- end }}
{{- end }}

{{- define "styrhjul.container" -}}
image: "{{ .root.Values.image.repository }}:{{ .root.Values.image.tag | default .root.Chart.AppVersion }}"
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
env:
  - { name: STYRHJUL_DATA_DIR, value: /var/lib/styrhjul }
  - { name: STYRHJUL_BASE_URL, value: {{ .root.Values.baseUrl | quote }} }
  {{- range .secrets }}
  - { name: STYRHJUL_{{ upper . }}_FILE, value: /run/secrets/styrhjul/{{ . }} }
  {{- end }}
  {{- range $name, $value := .env }}
  - { name: {{ $name }}, value: {{ $value | quote }} }
  {{- end }}
  {{- range $name, $value := .root.Values.settings }}
  - { name: {{ $name }}, value: {{ $value | quote }} }
  {{- end }}
volumeMounts:
  - { name: secrets, mountPath: /run/secrets/styrhjul, readOnly: true }
  - { name: data, mountPath: /var/lib/styrhjul }
  - { name: tmp, mountPath: /tmp }
  {{- if .claim }}
  - { name: backups, mountPath: /var/backups/styrhjul }
  {{- end }}
{{- end }}

{{- define "styrhjul.secrets" -}}
database_url broker_url smtp_url secret_key
{{- end }}
