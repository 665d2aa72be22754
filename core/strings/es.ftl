# Todas las palabras que lee una persona, en español. Los mismos identificadores y variables que en.ftl.
# Tuteo; infinitivos en los botones. `id.advice` dice qué hacer.

## Tipos de anotación

kind-visit = Visita
kind-purchase = Compra
kind-contact = Contacto
kind-note = Nota
kind-task = Tarea
kind-survey_answer = Respuesta de encuesta
kind-data_confirmed = Datos confirmados
kind-client_closed = Baja
kind-agreement = Acuerdo comercial
kind-consent = Publicidad y consentimiento
kind-merge_proposal = Propuesta de unificar fichas
kind-change_request = Petición de cambio
kind-not_now = Pospuesto
kind-mode_choice = Modo de cartera
kind-absence = Ausencia
kind-segment = Grupo de clientes
kind-notice_read = Aviso leído
kind-lesson_done = Lección hecha
kind-unknown = Anotación de una versión más nueva
value-unknown = Valor de una versión más nueva
value-yes = sí
value-no = no
value-yearly = cada año
weekday-1 = lunes
weekday-2 = martes
weekday-3 = miércoles
weekday-4 = jueves
weekday-5 = viernes
weekday-6 = sábado
weekday-7 = domingo

## Datos de administración

office-article = Referencia
office-price = Precio
office-tax = Impuesto
office-sale = Venta
office-sales_day = Ventas del día
office-sales_month = Ventas del mes
office-due_item = Vencimiento
office-credit = Riesgo
office-order_state = Estado del pedido
office-objective = Objetivo
office-person = Persona
office-actor = Autor
office-territory = Zona
office-visit_plan = Rutero
office-absence = Ausencia
office-holiday = Festivo
office-segment = Grupo de clientes compartido
office-notice = Aviso
office-census = Censo de establecimientos
office-spend = Gasto comercial
office-setting = Ajuste
office-parameter = Parámetro calculado
office-cross_sell = Reglas de venta cruzada
office-cost = Coste
office-margin = Margen
office-feed = Datos de la oficina

## Personas

role-rep = Comercial
role-manager = Jefe/a de ventas
role-back_office = Administración
role-administrator = Administrador/a

## Visitas y contactos

visit-planned = Prevista
visit-done = Hecha
visit-cancelled = Cancelada
outcome-order = Pedido
outcome-no_order = Sin pedido
outcome-buyer_away = No estaba quien compra
outcome-shut = Cerrado
outcome-attended = Atendido
no_order-stock_left = Le queda género
no_order-price = Precio
no_order-competitor = Compra a la competencia
no_order-credit = Bloqueado por riesgo o sin liquidez
no_order-service = Servicio
no_order-product = Producto
no_order-buyer_away = No estaba quien compra
no_order-out_of_season = Fuera de temporada
no_order-other_way = Pide por otra vía
no_order-other = Otro motivo
purpose-sell = Vender
purpose-prospect = Captar
purpose-collect = Cobrar
purpose-complaint = Atender una incidencia
purpose-present = Presentar novedades
purpose-courtesy = Cortesía
purpose-deliver = Entregar
purpose-win_back = Recuperar
purpose-renew = Renovar un acuerdo
purpose-other = Otra cosa
channel-phone = Teléfono
channel-email = Correo electrónico
channel-message = Mensaje
channel-video = Videollamada
channel-post = Correo postal
channel-elsewhere = En otro lugar
direction-outgoing = Llamada o mensaje nuestro
direction-incoming = Llamada o mensaje del cliente
clock-trusted = Fecha segura
clock-uncertain = Fecha por confirmar
task-open = Pendiente
task-done = Hecha
task-dropped = Descartada
void-mistake = Por error
void-wrong_client = Era de otro cliente
void-twice = Repetida
void-cancelled = Anulada por el cliente
void-other = Otro motivo
not_now-visit = Visita
not_now-offer = Propuesta de venta
not_now-duplicate = Posible ficha repetida
not_now-warning = Señal de pérdida
not_now-win_back = Recuperación
not_now-confirm_data = Confirmar datos
not_now-task = Tarea
not_now-agreement = Acuerdo comercial
not_now-debt = Saldo vencido
not_now-date = Fecha
not_now-order = Pedido no aceptado
not_now_reason-busy = Sin tiempo
not_now_reason-client_away = El cliente no está
not_now_reason-not_interested = No le interesa
not_now_reason-wrong = La propuesta no es correcta
not_now_reason-other = Otro motivo
absence-holiday = Vacaciones
absence-illness = Enfermedad
absence-training = Formación
absence-leave = Permiso
absence-other = Otro motivo

## Pedidos y ventas

purchase-order = Pedido
purchase-direct_sale = Venta directa
purchase-return = Devolución
price-list = Tarifa
price-agreed = Precio pactado
price-promotion = Promoción
price-manual = Precio a mano
price-last_purchase = Última compra
return-damaged = Dañado
return-expired = Caducado
return-wrong = No era lo pedido
return-unsold = No vendido
return-quality = Calidad
return-other = Otro motivo
order-received = Recibido en oficina
order-waiting_for_client = Alta de cliente pendiente
order-registered = Registrado en el ERP
order-served = Servido
order-invoiced = Facturado
order-declined = No aceptado por administración
order-cancelled = Anulado
flag-price = El precio no es el de la tarifa
flag-discount = Descuento por encima de lo permitido
flag-credit = Supera el riesgo concedido
flag-article = Referencia retirada o desconocida
flag-amended = Cambiado después de registrarse
flag-same_day = Otro pedido del mismo cliente ese día
flag-clock = Fecha por confirmar
flag-stock = Artículo sin existencias
reaction-task = Tarea
reaction-notice = Aviso
sale-invoice = Factura
sale-credit_note = Abono
sale-delivery_note = Albarán
sale-rebate = Rappel
measure-net_revenue = Ventas netas (sin IVA)
measure-units = Unidades
measure-new_clients = Altas de clientes
measure-visits = Visitas
measure-orders = Pedidos
measure-won_back = Clientes recuperados

## La relación con el cliente

status-lead = Cliente potencial
status-active = Activo
status-dormant = Dormido
status-lost = Perdido
status-closed = Baja
loss-price = Precio
loss-service = Servicio
loss-product = Producto
loss-competitor = Competencia
loss-moved = Traslado
loss-closed_down = Cierre del negocio
loss-other = Otro motivo
mode-accompanied = Activa
mode-win_back = Inactiva
mode-renewal = Renovación
renewal-manual = Se renueva a mano
renewal-automatic = Se renueva solo
consent-granted = Acepta publicidad
consent-withdrawn = Retira el consentimiento
consent-opposed = No desea publicidad
basis-consent = Consentimiento
basis-legitimate_interest = Interés legítimo
basis-contract = Contrato
basis-prior_purchase = Ya es cliente de productos similares
evidence-spoken = De palabra
evidence-signed = Firmado
evidence-written = Por escrito
evidence-on_the_web = En la web
survey-nps = Recomendación (NPS)
survey-csat = Satisfacción (CSAT)
survey-csi = Índice de satisfacción (CSI)
asked-by_rep = Preguntado por el comercial
asked-by_link = Por enlace
asked-by_phone = Por teléfono
asked-on_paper = En papel
likeness-tax_id = Mismo NIF
likeness-phone = Mismo teléfono
likeness-name = Nombre parecido
likeness-address = Misma dirección
likeness-email = Mismo correo
likeness-known = Lo sabe el comercial

request-granted = Hecha
request-declined = Rechazada

## Campos de la ficha

client-name = Nombre comercial
client-legal_name = Razón social
client-tax_id = NIF
client-erp_code = Código de cliente
client-sector = Tipo de establecimiento
client-phone = Teléfono
client-mobile = Móvil
client-email = Correo electrónico
client-web = Web
client-address = Dirección
client-point = Ubicación en el mapa
client-language = Idioma
client-currency = Moneda
client-price_list = Tarifa
client-payment_terms = Forma de pago
client-fiscal_group = Grupo fiscal
client-source = Origen
client-visit_every = Visitar cada (días)
client-hours = Horario
client-shut_days = Días de cierre
client-warning = Aviso para quien visita
contact-name = Nombre
contact-role = Cargo
contact-phone = Teléfono
contact-mobile = Móvil
contact-email = Correo electrónico
contact-language = Idioma
contact-notes = Notas
contact-removed = Contacto quitado
date-what = Qué se celebra
date-on = Fecha
date-yearly = Cada año
date-contact = Contacto
date-removed = Fecha quitada
place-name = Dirección de entrega
place-address = Dirección
place-point = Ubicación en el mapa
place-phone = Teléfono
place-erp_code = Código de la dirección
place-hours = Horario
place-shut_days = Días de cierre
place-instructions = Instrucciones de entrega
place-removed = Dirección de entrega quitada
profile-tag = Etiqueta
profile-pref = Preferencia

## Dónde está cada cosa

sync-saved = Guardado en el móvil
sync-received = Recibido en oficina
sync-held = Esperando a otro cambio
sync-refused = Rechazado por el servidor
sync-declined = No aceptado por administración
sync-quarantined = Esperando al administrador
sync-running = Sincronizando…
sync-up_to_date = Todo al día
sync-waiting = { $count ->
         [one] Un cambio por enviar
        *[other] { $count } cambios por enviar
    }
sync-no_network = Sin conexión: todo queda guardado en el móvil
sync-no_answer = El servidor no responde: se volverá a intentar
sync-last = Última sincronización: { $when }
sync-never = Todavía no se ha sincronizado
sync-locked = Bloqueado hasta sincronizar: nada se ha borrado

## Por revisar

attention-title = Por revisar
attention-refused = El servidor ha rechazado un cambio
    .advice = Mira el motivo, corrígelo y vuelve a enviarlo, o descártalo. Mientras tanto se conserva entero.
attention-declined = Administración no ha aceptado un pedido
    .advice = Mira el motivo y habla con el cliente o con administración.
attention-conflict = Dos valores distintos
    .advice = Mira quién puso cada uno y elige el bueno.
attention-uncertain_date = Fecha por confirmar
    .advice = El reloj del móvil no era fiable. Confirma el día o corrígelo.
attention-duplicate = Posible ficha repetida
    .advice = Mira las dos fichas y propón unificarlas, o pospón.
attention-orphan = Una corrección sin original
    .advice = Lo que corrige no ha llegado o es de otro cliente. Se muestra tal cual.
attention-document_unreadable = Una ficha no se puede leer
    .advice = Se volverá a pedir al servidor. Si sigue así, avisa al administrador.
attention-database_recovered = Se ha recuperado la base de datos
    .advice = La dañada se conserva aparte. Lo que falte se volverá a pedir al servidor; revisa lo que tenías pendiente de enviar.
attention-refound_unsupported = Una ficha se ha rehecho en el servidor y esta versión no puede seguirla
    .advice = Actualiza la aplicación. Lo pendiente se conserva.
attention-actor_refused = El servidor no acepta a este móvil como autor nuevo
    .advice = Sigue trabajando: todo se guarda. Avisa al administrador.
attention-order_forged = Una orden que no es del servidor
    .advice = Alguien ha pedido a este móvil que borre datos sin su clave. No se ha borrado nada. Avisa a administración.
attention-wipe_unsupported = Administración ha ordenado vaciar este móvil y esta versión no puede
    .advice = No se ha borrado nada. Entrega el móvil a administración.
attention-client_erased = Se ha borrado un cliente, y con él trabajo sin enviar
    .advice = Administración ha tenido que borrar todo lo de este cliente. Pregunta allí si necesitas saber por qué.
attention-new_client_pending = Alta de cliente pendiente
    .advice = Administración tiene que darle un código. Sus pedidos esperan.

## Pantallas y palabras

word-client_page = Ficha
word-rep = Comercial
word-territory = Zona
word-handover = Traspaso
word-cover = Sustitución
word-visit_plan = Rutero
word-overdue_visit = Visita atrasada
word-outcome = Resultado
word-no_order_reason = Motivo de no compra
word-next_step = Próxima acción
word-sales_unit = Unidad de venta
word-catch_weight = Peso variable
word-net_price = Precio neto
word-free_goods = Sin cargo
word-rebate = Rappel
word-overdue_balance = Saldo vencido
word-credit_limit = Riesgo concedido
word-credit_used = Riesgo consumido
word-credit_block = Bloqueado por riesgo
word-payment = Cobro
word-settlement = Liquidación
word-short_delivery = Falta
word-out_of_stock = Sin existencias
word-complaint = Incidencia
word-achievement = Cumplimiento
word-share_of_wallet = Cuota de cliente
word-average_order = Pedido medio
word-buying_rhythm = Ritmo de compra
word-usual_basket = Surtido habitual
word-cross_sell = Venta cruzada
word-up_sell = Venta de mayor valor
word-churn = Tasa de abandono
word-clv = Valor del cliente
word-cohort = Clientes por mes de primera compra
word-win_back = Recuperación
word-new_client = Alta de cliente
word-workspace = Empresa
word-relay = Servidor
word-overview = Resumen
action-save = Guardar
action-cancel = Cancelar
action-log_visit = Anotar visita
action-take_order = Tomar pedido
action-add_note = Añadir nota
action-not_now = Posponer
action-confirm_data = Confirmar datos
action-merge = Unificar fichas
action-choose_value = Elegir valor
action-try_again = Volver a intentar
action-discard = Descartar
action-export = Exportar
action-sync = Sincronizar
action-enrol = Vincular móvil
action-enrol_again = Vincular de nuevo y conservar los datos
action-revoke = Dar de baja el móvil

## Las pantallas de las aplicaciones

app-tab-today = Hoy
app-tab-clients = Cartera
app-tab-review = Por revisar
app-tab-month = Mi mes
app-tab-more = Más
app-back = Volver
app-undo = Deshacer
app-close = Cerrar
app-clear = Borrar
app-more = Ver más
app-today-visits = { $count ->
        [0] Rutero: hoy no hay visitas previstas
        [one] Rutero: una visita
       *[other] Rutero: { $count } visitas
    }
app-today-attention = Necesitan atención
app-today-empty = Nada pendiente para hoy
app-today-empty-advice = Buen momento para visitar a alguien que hace tiempo que no ves: están en Cartera.
app-today-start-visit = Anotar visita a { $client }
app-today-put_off = Posponer: { $client }
app-today-put_off-done = Pospuesto: { $client }
app-today-stake = En juego { $money }
app-today-at = a las { $time }
app-today-call = Por teléfono
app-today-stands_in = Sustituyes a { $person }
app-notice-must_read = Aviso de administración
app-notice-read = Marcar como leído
app-clients-search = Buscar nombre, calle, NIF, teléfono…
app-clients-count = { $count ->
        [one] Un cliente
       *[other] { $count } clientes
    }
app-clients-all = Todos
app-clients-nearby = Cerca
app-clients-not_visited = Sin visitar
app-clients-dormant = Dormidos
app-clients-owing = Saldo vencido
app-clients-empty = Todavía no hay clientes en este móvil
app-clients-empty-advice = Llegarán con la primera sincronización. También puedes dar de alta uno ahora.
app-clients-none_found = Ningún cliente con «{ $text }»
app-clients-none_found-advice = Prueba con menos letras. Si es nuevo, dalo de alta.
app-clients-conflict = Dos valores
app-clients-closed = Baja
app-clients-blocked = Bloqueado
app-clients-last_purchase = Última compra { $date }
app-clients-never_bought = Sin compras todavía
app-clients-distance = a { $distance }
app-client-call = Llamar
app-client-write = Escribir
app-client-navigate = Ir
app-client-still_right = Sigue bien
app-client-confirmed = Confirmado { $date }
app-client-confirmed-now = Datos confirmados
app-client-never_confirmed = Sin confirmar
app-client-contact_data = Datos de contacto
app-client-timeline = Historia
app-client-timeline-empty = Todavía sin visitas ni pedidos
app-client-account = Saldo y riesgo
app-client-account-as_of = Según el ERP, { $date }
app-client-due = Vence { $date }
app-client-was_due = Venció { $date }
app-client-returned = Devuelto por el banco
app-client-credit = Riesgo: { $used } de { $limit }
app-client-blocked = Bloqueado por riesgo: { $reason }
app-client-basket-last = Última: { $quantity } a { $price }
app-client-stopped = Ha dejado de comprar
app-client-figures = En pocas palabras
app-client-rhythm = Compra cada { $usual } días; van { $since }
app-client-value = { $money } en doce meses
app-client-class = Clase { $class }
app-client-colleague = { $person } estuvo aquí { $date }
app-client-conflict = { $field }: dos valores distintos
app-client-conflict-choose = Elegir
app-client-conflict-other = Escribir otro
app-visit-title = Visita
app-visit-outcome = ¿Cómo ha ido?
app-visit-reason = ¿Por qué sin pedido?
app-visit-notes = Notas
app-visit-notes-reminder = El cliente puede pedir leer lo que escribas aquí.
app-visit-dictate = Dictar
app-visit-place = Añadir dónde estoy
app-visit-place-added = Ubicación añadida
app-visit-place-denied = Sin permiso de ubicación: se guarda sin ella
app-visit-next = Próxima acción
app-visit-next-none = Ninguna
app-visit-next-tomorrow = Mañana
app-visit-next-week = En una semana
app-visit-next-month = En un mes
app-visit-next-what = Qué hay que hacer
app-visit-choose = Elige cómo ha ido para guardar
app-visit-saved = Visita guardada en el móvil
app-order-title = Pedido
app-order-search = Buscar referencia o código
app-order-scan = Leer código de barras
app-order-repeat = Repetir el último
app-order-usual = Habituales
app-order-add = Añadir uno: { $article }
app-order-take = Quitar uno: { $article }
app-order-quantity = { $quantity } de { $article }
app-order-case = caja de { $units }
app-order-price-none = Precio: lo pone la oficina
app-order-price-of = { $origin }, { $date }
app-order-lines = { $count ->
        [0] Sin líneas
        [one] Una línea
       *[other] { $count } líneas
    }
app-order-review = Revisar pedido
app-order-place = Hacer el pedido
app-order-net = Base
app-order-tax = { $name } { $percent } %
app-order-total = Total
app-order-deliver_to = Entregar en
app-order-deliver_on = Entregar el
app-order-unpriced = { $count ->
        [one] Una línea sin precio: el total no la cuenta
       *[other] { $count } líneas sin precio: el total no las cuenta
    }
app-order-draft = Borrador guardado en el móvil
app-order-empty = Añade la primera referencia
app-order-empty-advice = Busca, lee un código de barras o repite el último pedido.
app-order-back = Vuelve el { $date }
app-sync-title = Estado de la sincronización
app-sync-on_phone = Solo en este móvil
app-sync-on_phone-advice = Está a salvo. Se envía solo en cuanto haya conexión.
app-sync-refused = Rechazado o no aceptado
app-sync-last = Último contacto { $when }
app-sync-retry = Se vuelve a intentar en { $time }
app-sync-none = Nada por enviar
app-sync-none-advice = Todo lo que has guardado está ya en la oficina.
app-sync-fetching = Trayendo lo que falta: ya puedes trabajar
app-enrol-title = Vincular este móvil
app-enrol-advice = Pide a administración un código QR. Con él llegan tus clientes, tus precios y tu rutero.
app-enrol-scan = Escanear el código
app-enrol-paste = O pega aquí el enlace
app-enrol-from = Del servidor { $address }
app-enrol-pinned = El servidor se reconoce por su clave
app-enrol-link = Vincular
app-enrol-working = Vinculando…
app-person-you = Tú
app-person-somebody = Otra persona
app-taken_back = Deshecho: { $what }
app-clients-no_place = No se ha podido saber dónde estás
app-client-bought = { $events } compras hasta hoy: { $money }
app-client-no_app = Ninguna aplicación del móvil puede hacerlo
app-client-note_contact = ¿Has dado con el cliente?
app-client-note = Anotarlo
app-client-noted = Contacto anotado
app-visit-place-none = No se ha podido saber dónde estás: se guarda sin ubicación
app-order-unknown_barcode = Ninguna referencia con el código { $code }
app-order-left_out = Ya no se vende y se deja fuera: { $articles }
app-take_back = Deshacer esta anotación
app-sync-sealed = Guardar lo pendiente en un archivo sellado
app-sync-sealed-advice = Solo tu oficina puede abrirlo. Para cuando nada más funciona.
app-lock-title = Cartera está bloqueada
app-lock-advice = Desbloquéala como desbloqueas el móvil. Lo que estabas haciendo sigue ahí.
app-lock-open = Desbloquear
app-scan-advice = Pon el código dentro del recuadro
app-not_taken = Hay trabajo que la oficina no ha aceptado
app-not_taken-channel = Trabajo no aceptado
app-correct = Corregir
app-visit-correct = Corregir visita
app-visit-corrected = Visita corregida
app-order-state = Estado del pedido
app-order-missing = Falta: { $quantity }
app-order-expected = Se esperaba { $value }
app-order-steps = Qué ha pasado
app-order-lines-title = Línea por línea
app-review-confirm_date = El día es correcto
app-settings-quiet = No molestar
app-settings-quiet_never = Nunca
app-settings-quiet_hours = De { $from } a { $to }
app-sync-under_way = Pedidos en marcha en la oficina
app-enrol-no_camera = Sin permiso de cámara: pega el enlace. El permiso se da en los ajustes del móvil.
app-order-placed = Pedido guardado en el móvil
app-order-deliver-usual = La dirección de siempre
app-order-deliver-soon = Cuanto antes
app-order-case-add = Añadir una caja de { $units }: { $article }
app-order-share = Enviar confirmación
app-order-earlier = Un día antes
app-order-later = Un día después
app-order-other_place = Otra dirección
app-new_client-street = Calle y número
app-new_client-postcode = Código postal
app-new_client-city = Población
app-new_client-saved = Cliente guardado en el móvil
app-new_client-likely = ¿Es uno de estos?
app-new_client-name_needed = Pon el nombre para guardar
app-review-empty = Nada por revisar
app-review-empty-advice = Aquí aparece lo que no se ha podido enviar o tiene dos valores.
app-review-discarded = Descartado
app-review-open = Ver ficha
app-review-dismiss = Visto
app-review-pair = ¿El mismo cliente?
app-review-not_same = Son dos
app-month-effective = Visitas con pedido
app-month-covered = Clientes vistos a tiempo
app-month-of = { $part } de { $whole }
app-month-until = hasta el { $date }
app-month-last_year = Hace un año: { $money }
app-month-objectives = Objetivos
app-month-objectives-none = Sin objetivos este mes
app-month-work = Visitas y cobertura
app-settings-language = Idioma
app-settings-system = Como el móvil
app-settings-theme = Aspecto
app-settings-theme_system = Como el móvil
app-settings-theme_light = Claro
app-settings-theme_dark = Oscuro
app-settings-lock = Pedir el desbloqueo del móvil
app-settings-lock_always = Siempre
app-settings-holds = Qué guarda este móvil
app-settings-records = Anotaciones
app-settings-storage = Espacio ocupado
app-settings-fresh = Lo último de la oficina
app-settings-diagnostics = Enviar diagnóstico
app-settings-diagnostics-advice = Cantidades y horas. Ningún nombre ni dato de clientes.
app-key_lost = La clave de los datos de este móvil se ha perdido
    .advice = Nadie puede leerlos ya aquí. Empieza de nuevo: lo enviado vuelve del servidor, y lo anterior se aparta sin borrarlo.
app-recover = Recuperar lo que se pueda leer
app-recovered = Recuperado: { $clients } clientes y { $unsent } cambios por enviar
app-start_anew = Empezar de nuevo y apartar lo anterior
app-locked-unsent = Siguen a salvo en el móvil, sin enviar: { $count }
app-locked-advice = Hace demasiado que este móvil no habla con la oficina. Busca conexión y sincroniza: todo lo guardado sigue aquí.
app-opening = Abriendo…
app-use-camera = Para leer el código que vincula este móvil y los códigos de barras de las referencias.
app-use-face_id = Para que solo tú abras Cartera en este móvil.
app-use-local_network = Para hablar con el servidor de tu empresa cuando está en la misma red.
app-use-location = Para anotar dónde fue una visita o buscar clientes cerca, solo cuando tú lo pides.
app-settings-lock_after = { $minutes ->
        [one] Tras un minuto
       *[other] Tras { $minutes } minutos
    }
word-yes = Sí
word-no = No

## Por qué un pedido no se ofrece al ERP, o hay que mirarlo

order-attention-no_client_code = El cliente aún no tiene código de ERP
    .advice = Da de alta al cliente en el ERP y pon su código en la ficha; el pedido saldrá solo.
order-attention-voided = El comercial lo anuló antes de que el ERP lo recogiera
    .advice = No hay que hacer nada.
order-attention-amended = Cambió después de que el ERP lo recogiera
    .advice = Cámbialo en el ERP y confirma después la versión nueva con el mismo número.
order-attention-voided_after = El comercial lo anuló después de que el ERP lo recogiera
    .advice = Anúlalo en el ERP o pregunta al comercial; después comunica su estado.
order-attention-unreadable = Lo escribió una app más nueva de lo que este servidor entiende
    .advice = Actualiza el servidor; el pedido espera.
order-attention-in_doubt = El servidor se restauró desde una copia y no se sabe si el ERP ya lo tiene
    .advice = Búscalo en el ERP: si está, responde con su número; si no está, libéralo para que se ofrezca.

## Qué falla en un dato enviado por la oficina

item-malformed = El dato no tiene la forma esperada
    .advice = Envía un objeto con key, client, value; la descripción de la API trae un ejemplo.
item-item_too_large = El dato es demasiado grande
    .advice = Divídelo: cada dato admite un megabyte como mucho.
item-unknown_field = Ese campo no existe
    .advice = Quítalo o usa uno de los nombres indicados.
item-wrong_type = No está escrito como corresponde a ese valor
    .advice = Escríbelo como indica el detalle.
item-unknown_client = Ningún cliente tiene ese identificador o código
    .advice = Envía antes el cliente, o pon su código de ERP en la ficha, y vuelve a enviarlo.
item-unknown_territory = Ninguna zona tiene ese identificador o nombre
    .advice = Crea la zona o corrige el nombre.
item-unknown_order = Ningún pedido tiene ese identificador
    .advice = Usa el identificador con el que se recogió el pedido.
item-order_backwards = El pedido ya está más adelante
    .advice = No hay que hacer nada: un pedido nunca retrocede.
item-repeated_key = La misma clave aparece dos veces en el lote
    .advice = Envía cada dato una sola vez por lote; se tomó el primero.

## Qué falla en un campo

problem-required = Falta un dato obligatorio
    .advice = Rellénalo para guardar.
problem-empty = Está en blanco
    .advice = Escribe algo o quítalo.
problem-too_long = Es demasiado largo: como mucho { $limit }
    .advice = Acórtalo.
problem-too_many = Son demasiados: como mucho { $limit }
    .advice = Quita algunos o repártelos.
problem-too_small = Es demasiado pequeño: como mínimo { $limit }
    .advice = Pon un valor mayor.
problem-too_large = Es demasiado grande: como mucho { $limit }
    .advice = Pon un valor menor.
problem-too_precise = Tiene demasiados decimales: como mucho { $limit }
    .advice = Redondéalo.
problem-control_character = Contiene un carácter que no se ve
    .advice = Vuelve a escribirlo a mano.
problem-form = No tiene la forma correcta
    .advice = Revísalo y vuelve a escribirlo.
problem-unknown_value = Esta versión no conoce ese valor
    .advice = Elige otro o actualiza la aplicación.
problem-contradiction = No es compatible con otro dato
    .advice = Quita uno de los dos.
problem-mismatch = El importe no cuadra
    .advice = Vuelve a calcularlo.
problem-duplicate = Está repetido
    .advice = Deja solo uno.
problem-order = El final es anterior al principio
    .advice = Cambia una de las dos fechas.
warning-tax_id_shape = No parece un NIF de ese país
    .advice = Revísalo. Se puede guardar así.
warning-tax_id_check_letter = La letra o el dígito de control del NIF no coincide
    .advice = Revísalo. Se puede guardar así.

## Importaciones: qué falla en una fila

import-required = falta un valor obligatorio
import-too_long = el texto pasa de { $detail } caracteres
import-control_character = el texto contiene un carácter de control
import-encoding = el texto no está en la codificación del archivo
import-cell_error = la fórmula da un error
import-number = no es un número escrito con «{ $detail }» decimal
import-too_small = es menor que { $detail }
import-too_large = es mayor que { $detail }
import-day = no es una fecha escrita como { $detail }
import-yes_no = no se entiende como sí o no
import-currency = no es una moneda de ISO 4217, como EUR
import-currency_missing = hay un importe y no se sabe en qué moneda: indicar una por defecto
import-amount_too_large = el importe es demasiado grande
import-duplicate = repite la clave de la fila { $detail }
import-document_differs = no coincide con la primera línea de su documento, en la fila { $detail }
import-too_many_lines = el documento tiene más de { $detail } líneas
import-period_reversed = el periodo termina antes de empezar
import-contradiction = contradice otro valor de la fila, o no tiene su forma: { $detail }
import-unknown_client = el cliente no existe: importar antes los clientes
import-erased = el cliente fue borrado para siempre: quitarlo también allí
import-answer_differs = ya hay una respuesta con esta clave y dice otra cosa: lo respondido no se cambia
import-unknown_article = la referencia no está en el catálogo
import-unknown_territory = la zona no existe: el cliente queda sin asignar
import-unknown_value = valor desconocido: se toma «{ $detail }»
import-rounded = tiene más decimales que la moneda: se redondea a { $detail }
import-day_as_text = Excel ha convertido este texto en una fecha: revisar
import-extra_cells = la fila tiene más celdas que títulos
import-positive_credit_note = un abono lleva importes negativos: este suma en lugar de restar
import-half_point = latitud y longitud van juntas: no se toma ninguna
import-not_taken = el valor no se entiende y no se toma
import-tax_id = el NIF no parece correcto
import-phone = el teléfono no parece correcto
import-email = el correo no parece correcto y no se toma
import-not_removed = no se quita lo que falta en el archivo: { $detail }
import-done = Importación de { $kind } ({ $source })
import-dry_run = Prueba de importación de { $kind } ({ $source }): no se ha guardado nada
import-refused = Importación de { $kind } ({ $source }) rechazada por sus errores: no se ha guardado nada
import-counts = Filas: { $rows }. Altas: { $new }; con cambios: { $changed }; sin cambios: { $unchanged }; quitados: { $removed }; apartados: { $aside } (filas: { $rows_aside })
import-row = fila { $row }
import-more = … y { $count } más
import-error = error
import-warning = aviso
import-kind-clients = clientes
import-kind-articles = referencias
import-kind-prices = precios
import-kind-sales = documentos de venta
import-kind-due_items = vencimientos
import-kind-spend = gastos de captación
import-kind-survey_answers = encuestas
import-kept = El reparto de columnas queda guardado para la próxima vez

## Errores: qué ha pasado y qué hacer

error-other = Ha pasado algo que esta versión no conoce
    .advice = Actualiza la aplicación. Lo que has guardado sigue en el móvil.
error-invalid = Algún dato no es válido
    .advice = Mira los campos marcados y corrígelos.
error-malformed = No se puede leer lo recibido
    .advice = Vuelve a intentarlo. Si sigue así, actualiza la aplicación y avisa al administrador.
error-schema = El cambio no encaja en la ficha
    .advice = Actualiza la aplicación. El cambio se conserva para volver a enviarlo.
error-forbidden = No tienes permiso para esto
    .advice = Pídelo a quien tenga ese permiso. Lo que has escrito se conserva.
error-record_exists = Esa anotación ya existe con otro contenido
    .advice = Compara las dos. Si la tuya vale, vuelve a anotarla como nueva.
error-too_large = Es demasiado grande
    .advice = Divídelo en partes más pequeñas.
error-erased = Los datos de ese cliente se han borrado
    .advice = No se puede recuperar. Pregunta al administrador si no lo esperabas.
error-revoked = Este móvil está dado de baja
    .advice = Habla con el administrador. Lo que no se ha enviado sigue en el móvil.
error-equivocation = Este móvil se ha restaurado de una copia
    .advice = No hace falta hacer nada: la aplicación sigue como autor nuevo.
error-generation = La ficha se ha rehecho en el servidor
    .advice = No hace falta hacer nada: lo tuyo se pasa a la ficha nueva.
error-held = Falta un cambio anterior
    .advice = No hace falta hacer nada: se envía y se vuelve a intentar.
error-too_many_actors = Este móvil se ha restaurado demasiadas veces
    .advice = Habla con el administrador para vincularlo de nuevo conservando los datos.
error-unsupported = El servidor todavía no sabe hacer eso
    .advice = Hay que actualizar el servidor. Lo tuyo se conserva.
error-unsupported_version = La aplicación o el servidor es demasiado antiguo para el otro
    .advice = Actualiza la aplicación. Sin conexión sigue funcionando y guarda lo pendiente.
error-cursor_invalid = El servidor no reconoce por dónde iba este móvil
    .advice = No hace falta hacer nada: se compara todo y se sigue.
error-unauthenticated = El servidor no reconoce a este móvil
    .advice = Vincula el móvil de nuevo y conserva los datos. No se ha borrado nada.
error-not_found = No se encuentra
    .advice = Comprueba la dirección y el identificador.
error-wrong_workspace = Estos datos son de otra empresa
    .advice = Usa un código de la empresa a la que está vinculado el móvil.
error-conflict = Esto ya se hizo de otra manera
    .advice = Mira cómo está ahora y decide.
error-expired = El código ha caducado
    .advice = Pide un código nuevo al administrador.
error-rate_limited = Demasiados intentos
    .advice = Espera un poco y vuelve a intentarlo.
error-internal = Ha fallado el servidor
    .advice = Se volverá a intentar. Si sigue así, avisa al administrador.
error-unavailable = El servidor no puede responder ahora
    .advice = Se volverá a intentar en un momento.
error-misplaced = Esa anotación no va aquí
    .advice = Escríbela en la ficha que le corresponde.
error-not_enrolled = Este móvil no está vinculado
    .advice = Vincula el móvil con el código QR del administrador.
error-unknown_client = Ese cliente no está en este móvil
    .advice = Sincroniza. Si sigue sin aparecer, puede ser de otra zona.
error-unknown_record = Esa anotación no está en este móvil
    .advice = Sincroniza y vuelve a intentarlo.
error-unknown_zone = No se conoce la zona horaria del móvil
    .advice = Elige otra zona horaria en los ajustes del móvil o actualiza la aplicación.
error-relay_unreachable = No se llega al servidor
    .advice = Comprueba la conexión. Se volverá a intentar y todo queda guardado en el móvil.
error-relay_timed_out = El servidor tarda demasiado en responder
    .advice = Se volverá a intentar y todo queda guardado en el móvil.
error-connection_broken = Se ha cortado la conexión
    .advice = Se volverá a intentar y seguirá por donde iba.
error-relay_not_trusted = Lo que responde no es el servidor de tu empresa
    .advice = Puede ser una wifi con página de acceso: ábrela en el navegador o usa otra red.
error-not_the_relay = Lo que responde no es el servidor de tu empresa
    .advice = Puede ser una wifi con página de acceso: ábrela en el navegador o usa otra red.
error-relay_address = La dirección del servidor no es válida
    .advice = Vuelve a leer el código QR del administrador.
error-answer_too_large = La respuesta del servidor es demasiado grande
    .advice = Actualiza la aplicación. Si sigue así, avisa al administrador.
error-reply_nonsense = La respuesta del servidor no tiene sentido
    .advice = Se volverá a intentar. Si sigue así, avisa al administrador.
error-epoch_changed = El servidor se ha restaurado de una copia
    .advice = No hace falta hacer nada: el móvil vuelve a ofrecer lo que el servidor haya perdido.
error-unsendable = Este cambio no se puede enviar
    .advice = Se conserva en el móvil. Avisa al administrador.
error-no_invitation = Esto no es un código para vincular un móvil
    .advice = Pide uno nuevo a administración y escanéalo entero.
error-panicked = La aplicación ha fallado por dentro
    .advice = Lo guardado está a salvo. Vuelve a intentarlo.
error-must_reopen = La aplicación ha fallado y hay que abrirla de nuevo
    .advice = Lo guardado está a salvo. Cierra la aplicación y vuelve a abrirla.
error-closed = Los datos están cerrados
    .advice = Vuelve a abrir la aplicación.
error-no_workspace_key = La empresa no tiene clave para recibir archivos
    .advice = Conecta el móvil a la red para enviar el trabajo; sigue guardado aquí.
error-seal_failed = No se ha podido preparar el archivo
    .advice = Inténtalo otra vez; el trabajo sigue guardado aquí.
error-store_busy = La base de datos está ocupada
    .advice = Vuelve a intentarlo. Esto no se ha guardado.
error-store_full = No queda espacio en el móvil
    .advice = Libera espacio y vuelve a guardar. Esto no se ha guardado; lo anterior sí.
error-store_read_only = No se puede escribir en el móvil
    .advice = Reinicia el móvil. Esto no se ha guardado; lo anterior sí.
error-store_io = Ha fallado la memoria del móvil
    .advice = Reinicia el móvil. Si sigue así, avisa al administrador antes de borrar nada.
error-store_database = Ha fallado la base de datos del móvil
    .advice = Vuelve a intentarlo. Si sigue así, avisa al administrador antes de borrar nada.
error-database = Ha fallado la base de datos
    .advice = Vuelve a intentarlo. Si sigue así, avisa al administrador antes de borrar nada.
error-database_corrupt = La base de datos está dañada
    .advice = No borres nada: se puede apartar y recuperar lo que se lea. Avisa al administrador.
error-store_damaged = La base de datos del móvil está dañada
    .advice = No borres nada: se puede apartar y recuperar lo que se lea. Avisa al administrador.
error-store_newer = Los datos son de una versión más nueva
    .advice = Actualiza la aplicación. No se ha tocado nada.
error-store_not_a_database = El archivo no es una base de datos de Cartera
    .advice = Elige otro archivo. No se ha tocado nada.
error-store_other_application = La base de datos es de otro programa
    .advice = Elige otro archivo. No se ha tocado nada.
error-store_other_workspace = La base de datos es de otra empresa
    .advice = Usa un código de la empresa a la que está vinculada.
error-store_key_not_available = El móvil está bloqueado
    .advice = Desbloquéalo y vuelve a intentarlo. No se ha perdido nada.
error-store_wrong_key = La clave no abre estos datos
    .advice = No borres nada. Usa el código de recuperación del administrador.
error-store_not_encrypted = La base de datos no está cifrada
    .advice = Ábrela sin clave. No se ha tocado nada.
error-store_no_encryption = Esta versión no puede abrir datos cifrados
    .advice = Instala la aplicación oficial.
error-document_facts = No se puede leer una ficha guardada
    .advice = Sincroniza para pedirla de nuevo. Si sigue así, avisa al administrador.
error-document_not_begun = La ficha todavía no ha llegado
    .advice = Espera a que termine la sincronización.
error-rebase_actor_used = No se pueden rehacer unos cambios con este autor
    .advice = Vuelve a intentarlo. Los cambios se conservan.
error-rebase_not_acknowledged = No hay ningún cambio confirmado que corresponda a uno de este dispositivo
    .advice = Sincroniza otra vez. Los cambios se conservan.
error-snapshot_refused = La ficha recibida no se acepta
    .advice = Se pedirá de nuevo. Si sigue así, avisa al administrador.
error-snapshot_unfaithful = La ficha recibida no es la anunciada
    .advice = Se pedirá de nuevo. Si sigue así, avisa al administrador.
error-snapshot_heads = La ficha recibida no es la anunciada
    .advice = Se pedirá de nuevo. Si sigue así, avisa al administrador.
error-snapshot_incomplete = La ficha ha llegado incompleta
    .advice = Se pedirá de nuevo.
error-snapshot_panic = La ficha recibida no se puede abrir
    .advice = Se pedirá de nuevo. Si sigue así, avisa al administrador.
error-snapshot_unreadable = La ficha recibida no se puede abrir
    .advice = Se pedirá de nuevo. Si sigue así, avisa al administrador.
error-snapshot_malformed = La ficha recibida no se puede leer
    .advice = Se pedirá de nuevo. Si sigue así, avisa al administrador.
error-snapshot_too_large = La ficha recibida es demasiado grande
    .advice = Avisa al administrador.
error-cbor_truncated = Los datos están cortados
    .advice = Vuelve a pedirlos o a exportarlos.
error-cbor_trailing = Sobran datos al final
    .advice = Vuelve a pedirlos o a exportarlos.
error-cbor_not_canonical = Los datos no están escritos en su forma única
    .advice = El programa que los escribió debe usar CBOR determinista.
error-cbor_wrong_type = Un dato no es del tipo esperado
    .advice = Actualiza la aplicación o corrige el programa que lo escribió.
error-cbor_not_utf8 = Un texto no es UTF-8
    .advice = Corrige el programa que lo escribió.
error-cbor_out_of_range = Un número está fuera de sus límites
    .advice = Corrige el programa que lo escribió.
error-cbor_too_deep = Los datos están anidados demasiadas veces
    .advice = Corrige el programa que los escribió.
error-cbor_too_many_extras = Hay demasiados campos desconocidos
    .advice = Actualiza la aplicación.
error-cbor_missing_key = Falta un campo obligatorio
    .advice = Corrige el programa que lo escribió.
error-cbor_too_large = Los datos son demasiado grandes
    .advice = Divídelos en partes más pequeñas.
error-date = Eso no es una fecha
    .advice = Escríbela como 2026-09-21.
error-decimal = Eso no es un número decimal
    .advice = Usa cifras y un separador decimal, con 18 cifras como mucho.
error-money_currency = No se conoce esa moneda
    .advice = Usa un código de tres letras, como EUR.
error-money_mixed = No se suman importes de monedas distintas
    .advice = Suma cada moneda por separado.
error-money_overflow = El importe es demasiado grande
    .advice = Revisa las cantidades y los precios.
error-money_amount = Eso no es un importe de esa moneda
    .advice = Usa cifras y no más decimales que la moneda.
error-amounts_currency = No se conoce la moneda de la compra
    .advice = Elige otra moneda.
error-amounts_precision = Una cantidad, un precio o un porcentaje tiene demasiados decimales
    .advice = Redondéalo.
error-amounts_discount = Un descuento no es válido
    .advice = Pon un porcentaje de 0 a 100 o un importe, no los dos.
error-amounts_overflow = El importe es demasiado grande
    .advice = Revisa las cantidades y los precios.
error-profile_unknown_key = Esta versión no conoce ese campo
    .advice = Actualiza la aplicación para verlo. El dato se conserva.
error-profile_wrong_type = Esta versión no entiende ese dato
    .advice = Actualiza la aplicación para verlo. El dato se conserva.

## Respuestas del servidor, por código: a programas y a la oficina

relay-internal = Ha fallado el servidor
    .advice = Vuelve a intentarlo; si sigue, da al administrador el identificador de la petición.
relay-unavailable = El servidor no puede responder ahora
    .advice = Vuelve a intentarlo en un momento.
relay-projecting = El servidor está preparando sus listas tras una actualización
    .advice = Vuelve a intentarlo en un minuto; los teléfonos sincronizan mientras tanto como siempre.
relay-not_found = Aquí no hay nada
    .advice = Comprueba la dirección y el identificador.
relay-method_not_allowed = Esta dirección no admite ese método
    .advice = Mira `Allow` y /openapi.json.
relay-not_implemented = El servicio no hace esto
    .advice = Quita la opción; la documentación dice cuáles hay.
relay-malformed = La petición no se puede leer
    .advice = Mira el detalle, y en /openapi.json la forma correcta.
relay-unsupported_media_type = El contenido es de otro tipo
    .advice = Envía el Content-Type y el Content-Encoding que indica /openapi.json.
relay-too_large = El contenido es demasiado grande
    .advice = Envía menos en cada petición.
relay-timeout = La petición ha tardado demasiado
    .advice = Vuelve a intentarlo, con menos en cada petición.
relay-unauthenticated = La clave de acceso no vale o ha caducado
    .advice = Vuelve a vincular el móvil o a entrar; los datos del móvil siguen en él.
relay-revoked = Este acceso se ha dado de baja
    .advice = Habla con tu administrador.
relay-cursor_invalid = El cursor no es de este servidor
    .advice = Empieza de nuevo sin cursor.
relay-wrong_workspace = Esta base de datos es de otra empresa
    .advice = Usa un código de la empresa a la que está vinculada.
relay-conflict = Esto ya se hizo, de otra manera
    .advice = Mira cómo está ahora y decide.
relay-expired = El código o el cursor ha caducado
    .advice = Pide un código nuevo, o empieza de nuevo sin cursor.
relay-unsupported_version = La aplicación o el servidor es demasiado antiguo para el otro
    .advice = Actualiza la aplicación; sin conexión sigue funcionando y guarda lo pendiente.
relay-unsupported = Este servidor todavía no hace eso
    .advice = Actualiza el servidor.
relay-invalid_file = El fichero no se puede importar
    .advice = El detalle dice qué le pasa. Corrígelo y envíalo otra vez.
relay-import_running = Se está importando otro fichero
    .advice = Espera a que termine y envía este otra vez.
relay-limit = Esto pasaría de un límite
    .advice = Mira el detalle; quita lo que ya no haga falta.
relay-invalid = Un valor no es válido
    .advice = Mira en el detalle cuál y por qué.
relay-forbidden = No tienes permiso para esto
    .advice = Pídelo a quien tenga ese permiso.
relay-rate_limited = Demasiados intentos fallidos desde esta dirección
    .advice = Espera y vuelve a intentarlo con el código o la clave correctos.

## Lo que no alcanza el borrado de un cliente

erase-stays-phones = Los móviles lo conservan hasta que vuelvan a sincronizar; entonces lo borran, también el trabajo sin enviar sobre él.
erase-stays-backups = Las copias de seguridad anteriores lo conservan hasta que se borren. Al restaurar una se vuelve a borrar, según el diario.
erase-stays-exports = Lo exportado antes lo conserva. La próxima exportación desde un cursor dice que hay que quitar todas las filas de ese cliente.
erase-stays-other_clients = Lo que digan de él con palabras las notas y registros de otros clientes se queda.
erase-stays-log = Quedan el número y la huella de sus anotaciones, y su identificador en la auditoría y el diario: ni una palabra suya.

## Exportaciones en la línea de órdenes

export-done = { $rows } { $rows ->
        [1] fila
       *[other] filas
    }. La próxima exportación sigue con --since { $cursor }
export-resource = No hay «{ $name }» que exportar. Hay: { $names }
export-several = Solo xlsx admite varios recursos: exporta cada uno por separado, o con --format xlsx
export-twice = Un libro tiene cada recurso una sola vez
export-parameter = { $resource } no se puede elegir por «{ $name }»
export-value = --{ $name } no se entiende: { $detail }
export-file = No se puede escribir { $file }: { $detail }. Lo que hubiera antes sigue como estaba
export-cursor-gone = Este cursor no es del registro de este servidor: se restauró, o es de otro. Exporta sin --since, aparta lo que tengas y sigue desde el cursor nuevo
export-erased = Se ha borrado un cliente desde que se dio este cursor, y entre las columnas elegidas falta client_id o deleted. Exporta sin --since, sustituye todo lo que tengas y sigue desde el cursor nuevo

## Los datos de una persona

disclosure-title = Lo que guardamos sobre ti
disclosure-made = Hecho el { $at } (UTC).
disclosure-what = Todo lo que consta a tu nombre o te nombra, tal como está; data.json lo tiene igual para programas.
disclosure-others = Se han quitado los datos de otras personas. Lo que alguien escribió en una nota queda como lo escribió: revísalo antes de entregar este archivo.
disclosure-profile = Campos de la ficha
disclosure-conflicts = Campos a los que dos personas dieron valores distintos
disclosure-conflicts-why = Se guardan todos hasta que alguien elija; mientras tanto se usa el primero.
disclosure-field = Campo
disclosure-value = Valor
disclosure-author = Quién lo puso
disclosure-in_use = En uso
disclosure-imported = Administración, o un fichero importado

## La línea de órdenes del servidor

cli-client-disclosed = { $file } tiene todo lo que consta. Revisa las notas antes de entregarlo: pueden nombrar a otras personas
cli-backup-made = { $bytes } bytes; se ha vuelto a abrir y está en buen estado:
cli-backup-no_schedule = No se hacen solas: indica una carpeta con --backup-dir para eso
cli-backup-key = Solo la abre la clave de recuperación, que no está dentro. Guarda las dos, por separado.
cli-backup-listed = { $when }  { $bytes } bytes  hace { $hours } h  { $workspace }  { $file }
cli-backup-none = No hay ninguna copia en { $folder }
cli-backup-sound = { $file } está en buen estado:
cli-backup-contents = {"  "}empresa { $workspace }, registro hasta la anotación { $number }
cli-backup-counts = {"  "}{ $clients } clientes, { $changes } cambios, { $office } datos de la oficina, { $people } personas, { $phones } móviles
cli-backup-copying = copiando
cli-backup-encrypting = cifrando
cli-backup-checking = comprobando
cli-demo-no_configuration = la demo hace su propio espacio en un puerto libre: de la configuración no toma nada. Con --folder se dice dónde guardarlo
cli-journal-begun = El diario {$file} empieza de nuevo con la línea {$number}. Lo que se decidió antes y le falte a una copia más antigua ya no se sabe: después de restaurarla, confirme cada teléfono.
cli-restore-key = Clave de recuperación (once grupos de cinco caracteres):
cli-restore-would = Restaurarla en { $folder } haría esto:
cli-restore-epoch = {"  "}- empezar otra época del registro: los móviles ofrecen lo que tienen y a la copia le falta
cli-restore-logins = {"  "}- cerrar todas las sesiones y anular los códigos de un solo uso
cli-restore-not_whole =
    {"  "}- no encontrar un diario entero: hay que confirmar cada móvil, crear de nuevo cada clave de acceso, buscar en
    {"    "}el ERP cada pedido en espera y repetir lo que se dio de baja, borró, unificó o traspasó desde entonces;
    {"    "}necesita --without-journal
cli-restore-again = {"  "}- repetir { $decisions } decisiones del diario, la última de { $when }
cli-restore-nothing_lacking = {"  "}- no encontrar en el diario nada que le falte a la copia
cli-restore-aside = {"  "}- apartar { $file }, para lo que hace falta --replace
cli-restore-not_done = No se ha hecho nada. Para hacerlo: --yes
cli-restore-done = Restaurado en { $folder }:
cli-restore-followed = Decisiones del diario repetidas: { $decisions }
cli-restore-was = Lo que había antes está en { $file }
cli-restore-confirm = Confirma los móviles con `cartera-relay device confirm` cuando sepas que no se ha perdido ninguno
cli-restore-orders = Los pedidos en espera no se ofrecen al ERP hasta que alguien diga cuáles tiene ya: `cartera-relay order list`
cli-restore-phones = Los móviles que sincronicen ahora ofrecen lo que le falta a esta copia.
cli-quarantine-listed = { $change }  cliente { $client }  del móvil { $device }  { $when }  { $bytes } bytes
cli-quarantine-taken = { $change } aceptado, anotación { $number } del registro
cli-quarantine-all = Aceptados: { $taken }; se quedan { $left }, que se apoyan en algo que no está o ya no se pueden aceptar
cli-quarantine-refused = { $change } no aceptado
cli-device-listed = { $device }  { $person }  { $state }  última señal { $when }  { $name }
cli-device-linked = vinculado
cli-device-unconfirmed = sin confirmar
cli-device-salvage = de baja, rescatar lo pendiente
cli-device-wipe = de baja, borrar todo
cli-device-confirmed = Móviles confirmados: { $count }
cli-device-revoked = { $device } dado de baja: { $order }
cli-enrol-drawn = Código QR en { $file }
cli-enrol-scan = Móvil de { $name }: escanéalo o abre esto con la app:
cli-enrol-type = O teclea: { $address }  { $code }
cli-enrol-until = Vale para un móvil hasta el { $when }
cli-enrol-not_serving = Ahora mismo ningún servidor atiende esta carpeta. El código valdrá en cuanto lo haga, en esa dirección
cli-login = Acceso de un solo uso para { $name }, hasta el { $when }: { $code }
cli-serve-at = Servidor en { $url }
cli-serve-pin = Huella de la clave (SHA-256) { $pin }
cli-serve-new = Empresa nueva { $workspace } en { $folder }
cli-serve-key = Clave de recuperación: { $key }
cli-serve-key_file = {"  "}También está en { $file }. Guarda una copia lejos de esta máquina: con ella y una copia de seguridad vuelve el servidor.
cli-serve-backups = Las copias de seguridad van a { $folder }
cli-serve-no_backups = No se hacen copias de seguridad: indica una carpeta con --backup-dir
cli-serve-stopped = Parado
cli-segment-listed = { $source } { $key }  { $name }: { $rule } (por nombre: { $named })
cli-segment-clients = { $name }: { $count ->
    [one] 1 cliente
   *[other] { $count } clientes
}
cli-today-more = Y { $count ->
        [one] un cliente más
       *[other] { $count } clientes más
    }; con --limit se ven hasta 500
cli-visit_plan-rule = { $client }  { $name }: { $class }, cada { $weeks ->
    [one] semana
   *[other] { $weeks } semanas
} desde el { $from }
cli-visit_plan-proposed = Se escribirían { $rules } reglas y se quitarían { $removed }; { $unchanged } no cambian. `visit-plan --accept` lo hace
cli-visit_plan-accepted = { $written } reglas escritas, { $removed } quitadas, { $unchanged } sin cambios
cli-order-listed = { $order }  { $when }  { $client }  { $why }
cli-order-released = Pedidos que se ofrecen desde ahora: { $count }
cli-order-registered = { $order } queda registrado como { $number }
cli-people-all = todas las zonas
cli-people-gone = (ya no está)
cli-people-left = { $person } ya no está; sus móviles entregan lo que no se había enviado
cli-client-moved = { $client } traspasado
cli-client-there = { $client } ya estaba ahí
cli-client-unknown = { $client } no existe
cli-client-lent = { $client } prestado a { $person }
cli-client-back = { $client } ya no está prestado a { $person }
cli-client-merged = { $client } unificado en { $kept }
cli-client-merged_before = { $client } ya estaba unificado en { $kept }
cli-client-apart = { $client } vuelve a ir por su cuenta
cli-client-not_merged = { $client } no estaba unificado
cli-client-proposed = { $absorbed } en { $kept }  por { $person }, { $when }  { $likeness }
cli-erase-done = { $client } borrado, anotación { $number } del registro
cli-erase-later = Alguien lee un estado anterior de los datos: el servidor sobrescribirá más tarde el espacio liberado
cli-erase-would = Borrar { $client } eliminaría para siempre:
cli-erase-changes = {"  "}{ $changes } cambios, { $bytes } bytes
cli-erase-records = {"  "}registros: { $list }
cli-erase-office = {"  "}datos de la oficina: { $list }
cli-erase-refused = {"  "}cambios rechazados: { $count }
cli-erase-imports = {"  "}importaciones sin terminar, que habrá que repetir: { $unfinished }; informes de importación guardados: { $reports }
cli-erase-alias = {"  "}{ $client } estaba unificado en él, y volvería a ir por su cuenta
cli-erase-proposals = {"  "}{ $count } propuestas de otros clientes lo nombran, y se quedan
cli-erase-reach = Hasta dónde no llega esto:
cli-erase-not_done = No se ha hecho nada. Para hacerlo: --reason request|retention|mistake --yes
cli-token-listed = { $token }  { $scopes }  hasta { $state }  usado { $used }  { $name }
cli-token-is_revoked = anulado
cli-token-never = nunca
cli-token-revoked = { $token } anulado

## La demostración

demo-title = Cartera: una cartera real, tres móviles y un día de trabajo sin cobertura
demo-relay = Servidor en { $url }; datos en { $folder }
demo-import = La cartera
demo-import-what = { $clients } clientes y { $sales } ventas reales (datos públicos de CDNOW, 1997-1998), por la importación normal del servidor
demo-import-moved = Todas las fechas se han movido { $weeks } semanas enteras, para que la última venta caiga en los últimos siete días
demo-import-generated = Nombres, direcciones, teléfonos, catálogo y qué discos llevaba cada venta son ficticios, generados; fichas y líneas lo dicen
demo-import-clients = Clientes
demo-import-articles = Referencias
demo-import-sales = Ventas
demo-imported = Importado en { $seconds } s, repartido en tres zonas
demo-phones = Tres móviles se vinculan con un código de un solo uso
demo-first-sync = { $name }: { $clients } clientes en el móvil tras { $seconds } s ({ $megabytes } MB)
demo-offline = Sin cobertura: nadie se conecta, todo se guarda en el móvil
demo-worked = { $visits } visitas y { $orders } pedidos por { $total }; guardar cada uno tardó { $milliseconds } ms de media
demo-new-client = { $name } da de alta a { $client } y le toma un pedido al momento
demo-both-edit = { $one } y { $other } cambian el teléfono de { $client }, sin saber el uno del otro
demo-owned = { $name } escribe otras condiciones de pago a { $client }; mientras tanto la oficina dice que esas las cambia el ERP
demo-moved = Mientras tanto la oficina pasa a { $client } de la zona de { $from } a la de { $to }; { $from } no lo sabe y lo visita
demo-back = Vuelven la cobertura y los tres, uno tras otro
demo-again = Una vuelta más: quien llegó primero recibe lo de los demás
demo-synced = { $name }: { $sent } cambios enviados, { $received } recibidos; { $requests } { $requests ->
        [1] petición
       *[other] peticiones
    }, { $kilobytes } kB, { $milliseconds } ms
demo-entered = · entra en su cartera: { $client }
demo-left = · dejan su cartera: { $count }
demo-repaired = · puesto de acuerdo con el servidor: { $count } (un fallo nuestro, ya contado)
demo-refused = · no admitido, { $client }: { $why }
demo-asked = · a cambio se le pide a la oficina: { $count }. Lo escrito no se pierde
demo-merged = · fusionado, { $client }: un compañero escribió otro valor mientras tanto; se conservan los dos hasta que alguien elija
demo-outcome = Cómo queda
demo-value = Teléfono { $value }, según { $author }{ $shown ->
        [1] {" "}(el que se ve, hasta que alguien elija)
       *[other] {" "}(se conserva)
    }
demo-together = Lo que { $one } y { $other } hicieron allí sin saber el uno del otro ya es una sola historia: { $records } registros
demo-moved-outcome = La ficha traspasada: { $to } ve { $records } registros, también los de { $from }; { $gone ->
        [1] el móvil de { $from } ya no la tiene
       *[other] el móvil de { $from } aún la tiene
    }
demo-new-outcome = Alta nueva en la oficina: { $client }
demo-unsent = Sin enviar en los tres móviles: { $count }. Nada perdido, nada dos veces
demo-figures = La cartera en media página
demo-figures-took = Todas las cifras de { $clients } clientes, calculadas en { $milliseconds } ms desde las ventas guardadas
demo-export = La oficina lo tiene ya
demo-export-how = Copia esta línea; abajo, lo primero que responde:
demo-console = La consola
demo-console-how = Este enlace deja entrar a { $name }, jefa de ventas, una sola vez y durante quince minutos:
demo-took = Todo en { $seconds } s
demo-stays = El servidor sigue en marcha; Ctrl-C lo para

## Cifras

rfm-champions = Campeones
rfm-loyal = Fieles
rfm-potential_loyalists = Pueden ser fieles
rfm-new = Nuevos
rfm-promising = Prometedores
rfm-need_attention = Necesitan atención
rfm-about_to_sleep = A punto de dormirse
rfm-at_risk = En riesgo
rfm-cannot_lose = No se pueden perder
rfm-hibernating = Hibernando
withheld-no_data = sin datos
withheld-before_history = la ventana empieza antes que las ventas completas
withheld-unfinished = sin terminar
withheld-no_duration = todavía sin duración
withheld-too_early = aún es pronto para saberlo
withheld-too_few = demasiado pocos datos
withheld-not_fitted = el modelo no se ajusta
withheld-not_better = no acierta más que «como en el período anterior»
withheld-mixed = unidades distintas
withheld-not_computed = aún sin calcular en la oficina
figures-title = Cartera a { $date }: { $clients } clientes
figures-records = (Entre corchetes: en cuántos registros se basa cada cifra.)
figures-records-column = Registros
figures-cohort-months = Compraron tantos meses después
figures-fitted = Calculado sobre toda la cartera
figures-worth = Valor
figures-net = Ventas netas (sin IVA)
figures-events = Compras (días con compra)
figures-average = Compra media
figures-events-each = Compras por cliente
figures-clv-so-far = Valor del cliente hasta hoy
figures-clv-to-come = Valor previsto, un año
figures-status = Situación
figures-movement = Movimiento
figures-repeat = Repiten
figures-retention = Retención de clientes
figures-retention-money = Retención en dinero
figures-churn = Tasa de abandono
figures-won-back = Recuperados
figures-cohorts = Clientes por mes de primera compra
figures-risk = Riesgo
figures-hhi = Índice de concentración (HHI)
figures-top-1 = Peso del primer cliente
figures-top-10 = Peso de los diez primeros
figures-top-20-percent = Peso del primer 20 %
figures-abc = ABC
figures-without-class = Sin ventas, sin clase
figures-segments = Segmentos RFM
figures-model = Modelos
figures-trial = Prueba con el último trimestre
figures-trial-passed = superada
figures-calls = Llamar primero
figures-call = compra cada { $usual } días y lleva { $since } sin comprar; en juego { $stake }
figures-months = Ventas netas por mes, el último hasta este día
figures-cohorts-sheet = Cohortes
figures-client = Cliente
figures-cohort-clients = Clientes
figures-usual = Días habituales entre compras
figures-since = Días sin comprar
figures-stake = En juego
figures-last = Última compra
figures-alive = Probabilidad de que siga siendo cliente
figures-expected = Compras previstas, un año
figures-falling = Volumen frente a antes
figures-rhythm = Ritmo de compra
figures-rhythm-told = cada { $usual } días; { $since } desde la última
figures-sales = Ventas frente al año anterior
period-month_to_date = Mes hasta la fecha
period-quarter_to_date = Trimestre hasta la fecha
period-year_to_date = Año hasta la fecha
period-twelve_months = Últimos doce meses (TAM)
figures-by-month = Ventas por mes
figures-by-rep = Ventas por comercial, doce meses
figures-by-family = Ventas por familia, doce meses
figures-without = (sin asignar)
figures-falling-clients = Volumen que cae
figures-falling-count = Clientes que compran menos
figures-falling-families = Familias que un cliente deja
figures-objectives = Objetivos y cumplimiento
figures-pace = a ritmo constante
figures-concentration = Concentración, doce meses
dimension-group = Por grupo fiscal o cliente
dimension-region = Por provincia
dimension-family = Por familia
dimension-rep = Por comercial
dimension-open_credit = Del riesgo consumido
figures-without-first = Quedaría sin el primero
figures-left-out = Clientes que no cuentan
figures-coverage = Cobertura
figures-covered = Visitados en plazo
figures-covered-weighted = Visitados en plazo, según ventas
figures-no-interval = Sin frecuencia de visita
figures-plan-done = Rutero cumplido
figures-overdue-visits = Visitas atrasadas
figures-work = Visitas, últimas cuatro semanas
figures-effectiveness = Efectividad (con pedido)
figures-visits-per-day = Visitas al día
figures-lines-per-order = Líneas por pedido
figures-without-reason = Sin pedido y sin motivo
figures-relation = Relación
figures-stale = Datos sin confirmar en seis meses
figures-mode-set = a mano
figures-renewals = Acuerdos renovados
figures-renewals-money = Acuerdos renovados, en dinero
figures-renewed-for = renovado por
figures-losses = Bajas por motivo
figures-margin = Margen
figures-margin-total = Margen de las ventas, hasta donde consta
figures-margin-share = Sobre las ventas netas de esos días
figures-margin-so-far = Margen por cliente hasta hoy
figures-margin-to-come = Margen por cliente previsto, un año
figures-payment = Cobro
figures-days-to-pay = Días hasta el cobro
figures-days-late = Días de retraso
figures-open = Saldo pendiente
figures-overdue = Saldo vencido
figures-overdue-age = Antigüedad media del saldo vencido, días
figures-returned = Cobros devueltos
figures-voice = La voz del cliente
figures-weight = peso
figures-acquisition = Captación
figures-new-clients = Altas con primera compra
figures-cac = Coste por alta (CAC)
figures-leads = Clientes potenciales
figures-conversion = Potenciales ganados
stage-untouched = sin contactar
stage-contacted = contactados
stage-ordered = con pedido
figures-mean-age = días de media
figures-penetration = Penetración: dónde crecer
figures-of-known = de los conocidos
figures-of-census = del censo
figures-room = por ganar

## Segmentos

segment-name = Nombre
segment-legal_name = Razón social
segment-tax_id = NIF
segment-erp_code = Código en la oficina
segment-sector = Tipo de establecimiento
segment-city = Población
segment-phone = Teléfono
segment-email = Correo
segment-tag = Etiqueta
segment-preference = Preferencia
segment-conflicts = Campos con dos valores distintos
segment-closed = Baja
segment-last_visit = Última visita
segment-confirmed = Datos confirmados el
segment-days_since_visit = Días desde la última visita
segment-days_since_confirmed = Días desde que se confirmaron los datos
segment-open_balance = Saldo pendiente
segment-overdue_balance = Saldo vencido
segment-territory = Zona
segment-rep = Comercial
segment-region = Provincia
segment-fiscal_group = Grupo fiscal
segment-source = Origen
segment-known_since = Cliente desde
segment-last_order = Último pedido
segment-days_since_order = Días desde el último pedido
segment-visits = Visitas en los últimos días
segment-contacts = Llamadas y mensajes en los últimos días
segment-orders = Pedidos en los últimos días
segment-visit_interval = Días entre visitas
segment-visit_overdue = Visita atrasada
segment-contact_confirmed = Datos de contacto confirmados el
segment-contact_stale = Datos de contacto sin confirmar
segment-status = Estado
segment-mode = Modo de cartera
segment-loss_reason = Motivo de la baja
segment-agreement_until = Fin del acuerdo
segment-days_to_agreement_end = Días hasta el fin del acuerdo
segment-first_purchase = Primera compra
segment-last_purchase = Última compra
segment-days_since_purchase = Días desde la última compra
segment-purchases = Días con compra
segment-usual_gap = Ritmo de compra, en días
segment-missed_slots = Compras habituales que faltan
segment-rhythm_missed = Ha perdido su ritmo
segment-falling = Volumen en descenso
segment-volume_ratio = Últimas semanas frente a antes
segment-abc_class = Clase ABC
segment-value_so_far = Valor hasta la fecha
segment-average_purchase = Pedido medio
segment-predicted_value = Valor previsto en un año
segment-at_stake = Valor en juego
segment-revenue = Ventas netas de los últimos días
segment-purchases_a_year = Compras al año hasta la fecha
segment-expected_purchases = Compras previstas en un año
segment-alive = Probabilidad de que siga siendo cliente
segment-rfm_segment = Segmento RFM
segment-rfm_recency = Puntuación de recencia
segment-rfm_frequency = Puntuación de frecuencia
segment-rfm_monetary = Puntuación de importe
segment-days_overdue = Días medios de retraso del saldo vencido
segment-days_to_pay = Días medios de pago
segment-days_late = Días medios de demora
segment-payments_returned = Pagos devueltos
segment-credit_limit = Riesgo concedido
segment-credit_used = Riesgo consumido
segment-nps_answer = Última respuesta NPS
error-rule_unexpected = La regla del segmento no se entiende en un punto
    .advice = Mira el lugar que se indica: ahí debería haber otra cosa.
error-rule_field = La regla nombra un campo que no existe
    .advice = Elegir uno de los campos de la lista.
error-rule_operator = Esa comparación no vale para el campo
    .advice = Elegir otra comparación.
error-rule_word = El campo no tiene ese valor
    .advice = Elegir uno de sus valores.
error-rule_mixed = Hay «y» y «o» al mismo nivel
    .advice = Poner uno de los dos entre paréntesis.
error-rule_nested = Hay paréntesis dentro de paréntesis
    .advice = Basta un nivel: quitar los de dentro.
error-rule_unclosed = A un texto entre comillas le falta el final
    .advice = Cerrar las comillas.
error-rule_too_long = La regla es demasiado larga
    .advice = Hacer dos segmentos.
error-rule_too_many_conditions = La regla tiene demasiadas condiciones
    .advice = Hacer dos segmentos.
error-rule_too_many_values = Una lista de la regla tiene demasiados valores
    .advice = Acortar la lista.

## Qué hacer hoy, y por qué

why-declined = Administración no ha aceptado un pedido: { $reason }
    .advice = Corregir el pedido o hablar con el cliente.
why-overdue = { $days ->
        [one] No se hizo la visita de ayer
       *[other] Visita atrasada { $days } días
    }
    .advice = Visitar, o cambiar la visita de día.
why-task = { $days ->
        [0] Para hoy: { $what }
        [one] Pendiente desde ayer: { $what }
       *[other] Pendiente desde hace { $days } días: { $what }
    }
    .advice = Hacerla o posponerla.
why-next_step = { $days ->
        [0] Acordado para hoy: { $what }
        [one] Acordado para ayer: { $what }
       *[other] Acordado hace { $days } días: { $what }
    }
    .advice = Hacerlo y anotar el contacto.
why-owes = { $days ->
        [one] Ayer venció un pago
       *[other] Saldo vencido desde hace { $days } días
    }
    .advice = Pedir el pago.
why-agreement = { $days ->
        [0] { $title } termina hoy
        [one] { $title } termina mañana
       *[other] { $title } termina en { $days } días
    }
    .advice = Hablar de la renovación.
why-agreement_ended = { $days ->
        [one] { $title } terminó ayer
       *[other] { $title } terminó hace { $days } días
    }
why-rhythm = Compra cada { $usual } días; han pasado { $since } desde la última compra
    .advice = Llamar: puede que haya pasado algo.
why-falling = Compra un { $percent } % menos que antes
    .advice = Preguntar qué compra en otra parte, y por qué.
why-win_back = { $status } desde hace { $days ->
        [0] menos de un día
        [one] un día
       *[other] { $days } días
    } ({ $reason }); { $tried }
    .advice = Preguntar el motivo y anotar lo que se ofreció.
why-date = { $days ->
        [0] Hoy: { $what }
        [one] Mañana: { $what }
       *[other] Dentro de { $days } días: { $what }
    }
    .advice = Basta con una palabra.
why-unconfirmed = Datos de contacto sin confirmar desde hace seis meses
    .advice = Mirar si siguen bien.
why-unconfirmed_never = Nadie ha confirmado todavía los datos de contacto

## Qué ofrecer a un cliente

standing-too_few = Demasiado pocas compras para saberlo
standing-usual = Se compra como siempre
standing-due = Toca reponer
standing-stopped = Ha dejado de comprarlo
offers-looked_at = Desde { $from }: { $documents }, { $events }
offers-documents = { $documents ->
        [one] 1 documento
       *[other] { $documents } documentos
    }
offers-days = { $events ->
        [one] 1 día con compra
       *[other] { $events } días con compra
    }
offers-basket = Surtido habitual
offers-due = Toca reponer
offers-stopped = Ha dejado de comprar
offers-cross_sell = Venta cruzada
offers-too_few = Comprado demasiado pocas veces para saberlo
offers-article = { $purchases } veces, cada { $gap } días, la última el { $last }; normalmente { $quantity } { $unit }
offers-rule = con { $has }: { $both } de { $clients } clientes que lo compran, entre { $all }
offers-overdue = con retraso
offers-not_on_sale = no está a la venta
offers-out_of_stock = sin existencias

## Ciclo de vida

life_cycle-acquisition = Captación
life_cycle-development = Desarrollo
life_cycle-retention = Retención
life_cycle-loyalty = Fidelización
life_cycle-left = Se ha ido: hay que recuperarlo
step-first_purchase = Una primera compra
step-second_purchase = Una segunda compra
step-purchases = { $count ->
        [one] 1 compra más, hasta que tenga un ritmo propio
       *[other] { $count } compras más, hasta que tenga un ritmo propio
    }
step-until = Seguir comprando hasta el { $day }, cuando haga un año que es cliente
step-wake = Una compra: está dormido
step-rhythm = Una compra: ha perdido su ritmo
step-volume = Comprar tanto como antes: faltan { $amount }
step-return = Una compra lo recupera
step-keep = Está donde debe: mantener lo que funciona, pedir una recomendación
figures-life_cycle = Ciclo de vida
figures-moves_on = Qué lo haría avanzar
segment-life_cycle = Etapa del ciclo de vida

## Recuperación de clientes

recovery-attempts = { $attempts ->
        [0] aún no se ha intentado nada
        [one] un intento
       *[other] { $attempts } intentos
    }
recovery-unknown = nadie sabe por qué
recovery-ask_reason = Preguntar el motivo y anotarlo.
recovery-offer = Ofrecer algo frente al motivo, y anotar qué.
recovery-try_again = Intentarlo otra vez, con otra oferta.
recovery-wait = Ya se intentó: esperar hasta el { $day }.
recovery-let_go = Dejarlo ir: darlo de baja, con el motivo.
recovery-back = Volvió a comprar el { $day }.

## Trabajo sin enviar

unsent-waiting = Se enviará en la próxima conexión
unsent-behind = Espera a que se resuelva otra anotación del mismo cliente
unsent-held = La oficina lo tiene y espera algo más
unsent-anew = Se prepara otra vez para enviarlo
unsent-page = Espera a que llegue la ficha del cliente

## Apartados de la ficha

section-identity = Identificación
section-contact = Datos de contacto
section-people = Personas
section-visiting = Ubicación y horario
section-deliveries = Direcciones de entrega
section-terms = Condiciones
section-dates = Fechas

## La consola

console-skip = Saltar al contenido
console-navigation = Secciones
console-language = Idioma
console-theme = Aspecto
theme-system = Automático
theme-light = Claro
theme-dark = Oscuro
console-home = Ir al inicio
console-login = Iniciar sesión
console-login-action = Entrar
console-login-name = Usuario
console-login-name-hint = Como quieras: ana.lopez, o tu correo.
console-login-name-empty = Escribe un usuario.
console-login-name-too_long = Usa como mucho { $count } caracteres.
console-login-name-characters = Usa solo letras, números y . _ - + @, sin espacios.
console-login-name-taken = Ese usuario ya lo tiene otra persona: elige otro.
console-login-wrong = El usuario o la contraseña no son correctos. Revisa las dos cosas o pide un código de acceso a un administrador.
console-login-wait = { $count ->
        [one] Demasiados intentos: espera un segundo.
       *[other] Demasiados intentos: espera { $count } segundos.
    }
console-login-by_code = Tengo un código de acceso
console-login-by_password = Entrar con usuario y contraseña
console-password = Contraseña
console-password-first = Poner contraseña
console-password-change = Cambiar contraseña
console-password-why = Con una contraseña podrás entrar sin pedir cada vez un código.
console-password-later = Ahora no
console-password-none = Sin contraseña: entras con códigos de acceso
console-password-since = Contraseña puesta el
console-password-current = Contraseña actual
console-password-new = Contraseña nueva
console-password-hint = De { $least } a { $most } caracteres. Varias palabras seguidas son fáciles de recordar y difíciles de adivinar. Las demás sesiones se cerrarán.
console-password-too_short = Usa al menos { $least } caracteres.
console-password-too_long = Usa como mucho { $most } caracteres.
console-password-guessable = Es fácil de adivinar: prueba con varias palabras que no vayan juntas.
console-password-wrong = No es tu contraseña actual.
console-welcome = Bienvenida
console-welcome-given = Tu enlace lleva un código de acceso de un solo uso.
console-code = Código de acceso
console-code-hint = Las 26 letras y números que te dieron; los guiones no importan.
console-code-wrong = Este código no existe o ya se usó: pide otro a un administrador.
console-code-expired = Este código ha caducado: pide otro a un administrador.
console-account = Tu cuenta
console-role = Función
console-logout = Cerrar sesión
console-sessions = Sesiones abiertas
console-sessions-hint = Cierra las que no reconozcas y cambia la contraseña.
console-session-this = Esta
console-session-unknown = Navegador sin identificar
console-session-since = Desde el { $when }
console-session-until = hasta el { $when }
console-session-end = Cerrar
word-clients = Clientes
month-1 = ene
month-2 = feb
month-3 = mar
month-4 = abr
month-5 = may
month-6 = jun
month-7 = jul
month-8 = ago
month-9 = sept
month-10 = oct
month-11 = nov
month-12 = dic
console-clients = { $count ->
        [one] Un cliente
       *[other] { $count } clientes
    }
console-records = { $count ->
        [one] de un dato
       *[other] de { $count } datos
    }
console-answers = { $count ->
        [one] una respuesta
       *[other] { $count } respuestas
    }
console-period = Periodo
console-currency = Moneda
console-as_of = A día de
console-show = Ver
console-date-wrong = No es una fecha: escribe año, mes y día, como 2026-11-25.
console-now = Ahora
console-year-before = Un año antes
console-change = Cambio
console-against-year = { $change } frente a un año antes
console-month = Mes
console-numbers = Ver los números
console-about = Qué es cada cifra
console-nothing = Todavía no hay nada que mostrar aquí.
console-made = Calculado el { $when }
console-calls = A quién visitar esta semana
console-calls-caption = Compran con regularidad y se están retrasando; primero, los que más valen
console-segments-heading = Clientes y ventas por segmento (RFM)
console-slipping = Clientes dormidos
console-overdue-heading = Visitas atrasadas por zona
console-team = El equipo
console-about-net = Lo facturado sin impuestos, menos los abonos, desde que hay datos.
console-about-clv_so_far = Lo que ha dejado un cliente por término medio: pedido medio × frecuencia × duración. Es valor hasta hoy, no una predicción.
console-about-clv_to_come = Lo que se espera vender en un año a los clientes de hoy (modelos BG/NBD y Gamma-Gamma). Solo se muestra si acertó más que «como el año anterior» en el último trimestre.
console-about-sales = Ventas netas del periodo hasta hoy, frente a los mismos días del año anterior.
console-about-retention = De los clientes que compraron en el periodo anterior, cuántos compraron también en este.
console-about-repeat = De los clientes que han comprado alguna vez, cuántos lo han hecho al menos dos.
console-about-slipping = Llevan sin comprar más de tres veces su ritmo habitual, y menos de seis: aún se pueden recuperar.
console-about-falling = Compraron en las últimas cuatro semanas un 70 % o menos que en las mismas de hace un año.
console-about-top = Qué parte de las ventas viene del 20 % de clientes que más compra.
console-about-covered = Clientes visitados dentro del plazo de su clase (A, B o C) o del suyo propio.
console-about-weighted = Lo mismo, contando a cada cliente por lo que compra.
console-about-overdue = Clientes cuyo plazo de visita ya ha pasado. Las ausencias y los días de cierre no cuentan.
console-about-stale = Clientes cuyos datos de contacto nadie ha confirmado en seis meses.
console-about-nps = Porcentaje que da un 9 o un 10 menos el que da de 0 a 6. Con pocas respuestas no se muestra.
console-about-csat = Porcentaje de respuestas de 4 o 5, de 1 a 5.
console-about-csi = Media ponderada de varias preguntas, de 0 a 100.
console-ago = { $count ->
        [0] hoy
        [one] ayer
       *[other] hace { $count } días
    }
console-every = { $count ->
        [0] cada día
        [one] cada día
       *[other] cada { $count } días
    }
console-conflicts = { $count ->
        [one] un dato con dos valores
       *[other] { $count } datos con dos valores
    }
console-search = Buscar
console-search-hint = Nombre, NIF, código, población, contacto o teléfono.
console-all = Todos
console-segment = Segmento
console-only = Solo
console-only-late = Los que se retrasan
console-only-falling = Los que compran menos
console-only-overdue = Con visita atrasada
console-only-conflicts = Con dos valores distintos
console-sort = Orden
console-sort-name = Nombre
console-sort-net = Más ventas
console-sort-at_stake = Más en juego
console-sort-bought = Última compra
console-sort-visited = Última visita
console-clear = Quitar filtros
console-none-found = Ningún cliente cumple todo lo que pides. Quita algún filtro o prueba con menos letras.
console-no-clients = Todavía no hay clientes: llegarán con la primera importación o la primera alta.
console-nameless = (sin nombre)
console-visited = Última visita
console-net = Ventas netas
console-late = se retrasa
console-pages = Páginas
console-range = { $from }–{ $to } de { $count }
console-first = Primera página
console-next = Página siguiente
console-calls-all = Ver todos los que se retrasan
console-yes = Sí
console-no = No
console-on = Activada
console-off = Desactivada
console-imported = importado de { $source }
console-somebody = alguien sin identificar
console-second = Verificación en dos pasos
console-second-why = Además de la contraseña, al entrar se piden los seis números que muestra una aplicación de tu móvil. Escanea el código con ella y escribe los números.
console-second-qr = Código QR para la aplicación de verificación
console-second-type = Si no puedes escanearlo, escribe esta clave:
console-second-on = Activar
console-second-off = Desactivar
console-second-is_on = Está activada: al entrar se piden los números de tu aplicación.
console-digits = Código de seis números
console-digits-hint = El que muestra ahora tu aplicación de verificación.
console-digits-wrong = Esos números no valen: escribe los que muestra ahora, o espera a los siguientes.
console-digits-lost = ¿Sin el móvil? Pide a un administrador un código de acceso.
weekday-short-1 = lun
weekday-short-2 = mar
weekday-short-3 = mié
weekday-short-4 = jue
weekday-short-5 = vie
weekday-short-6 = sáb
weekday-short-7 = dom
console-done-chosen = Elegido: ese valor queda para todos.
console-done-gone = Alguien ha elegido mientras tanto: esto es lo que hay ahora.
console-done-moved = El cliente ha cambiado de zona.
console-done-there = El cliente ya estaba en esa zona.
console-done-separated = Las fichas vuelven a estar separadas.
console-merged = Esta ficha está unificada con otra, que lleva sus cifras.
console-merged-open = Abrir la otra ficha
console-separate = Separar las fichas
console-absorbed = Fichas unificadas con esta
console-in_use = en uso
console-since = { $count ->
        [0] hoy
        [one] un día desde la última
       *[other] { $count } días desde la última
    }
console-orders-open = Pedidos abiertos
console-tasks = Tareas
console-contacts = Contactos
console-places = Direcciones de entrega
console-dates = Fechas
console-move = Cambiar de zona
console-move-hint = Quien lleva la zona nueva recibe la ficha. El móvil anterior la conserva hasta haber enviado lo suyo.
console-move-action = Mover
console-about-last = El último día con compra.
console-about-rhythm = La mitad de las veces pasan como mucho estos días de una compra a la siguiente.
console-about-stake = Lo que suele comprar, por cada compra que se ha saltado, como mucho de medio año.
console-about-average = Ventas netas entre días con compra.
console-about-abc = A: los que suman el 80 % de las ventas de doce meses; B: hasta el 95 %; C: el resto.
console-about-segment = Según lo reciente, lo frecuente y lo grande de sus compras (RFM).
console-about-alive = Según el modelo BG/NBD. Con una sola compra es pronto para saberlo.
console-about-falling_volume = Lo comprado en las últimas cuatro semanas frente a las mismas de hace un año, o a las anteriores.

## La consola: por revisar

console-attention-none = Nada por revisar. Todo está en orden.
console-attention-all = Ver todos
console-attention-more = Se muestran los primeros { $count }.
console-attention-conflicts = Fichas con dos valores distintos
    .advice = Dos personas cambiaron el mismo dato sin saber una de otra. Abre la ficha, mira quién puso cada valor y elige.
console-attention-orders = Pedidos que no salen hacia el ERP, o hay que mirar allí
    .advice = Los demás pedidos siguen su camino.
console-attention-proposals = Propuestas de unificar fichas
    .advice = Las proponen los comerciales. La ficha que se conserva lleva las cifras de las dos; se puede deshacer.
console-attention-duplicates = Posibles fichas repetidas
    .advice = Se parecen por estos motivos. Abre las dos antes de unificarlas; se puede deshacer.
console-attention-quarantined = Trabajo por admitir tras una restauración
    .advice = Lo ofreció un móvil y nada prueba que ya estuviera aquí. Admite primero lo más antiguo.
console-attention-refused = Trabajo rechazado
    .advice = Se conserva entero con su motivo. Quien lo escribió lo ve en su móvil, y puede corregirlo y enviarlo otra vez.
console-attention-phones = Móviles de los que no se sabe nada
    .advice = Pregunta a quien lo lleva: sin sincronizar, su trabajo solo está en el móvil.
console-attention-feeds = Datos de la oficina sin renovar
    .advice = Mira si el programa que los envía sigue en marcha.
console-attention-repairs = Reparaciones
    .advice = Los datos de un móvil no eran los del servidor y se repararon solos. Es un fallo nuestro: cuéntanoslo si se repite.
console-attention-repaired = { $count ->
        [one] Una reparación desde que arrancó el servidor
       *[other] { $count } reparaciones desde que arrancó el servidor
    }
console-attention-silent = { $count ->
        [0] hoy mismo
        [one] sin noticias desde ayer
       *[other] sin noticias desde hace { $count } días
    }
console-attention-elsewhere = Un cliente que no está aquí
console-attention-release = Ofrecer al ERP
console-attention-keep = Conservar { $name }
console-attention-accept = Admitir
console-attention-refuse = No admitir
console-attention-confirm = Confirmar
console-attention-unconfirmed = sin confirmar tras restaurar
console-attention-bytes = Guardar el cambio tal como llegó
console-bytes = { $count ->
        [one] un byte
       *[other] { $count } bytes
    }
console-done-merged = Las fichas están unificadas.
console-done-released = El pedido se ofrece al ERP.
console-done-confirmed = El móvil está confirmado: ya se le sirve.
console-done-accepted = Admitido.
console-done-refused = No se admite; queda entre lo rechazado.
console-done-conflict = Se apoya en otro cambio: admite primero el más antiguo.

## La consola: personas y móviles

console-people = Personas
console-people-here = Quién trabaja aquí
console-people-left = Ya no trabajan aquí
console-people-all = Todas las zonas
console-people-none = Ninguna
console-people-gone = Ya no trabaja aquí
console-people-phones = { $count ->
        [0] sin móvil
        [one] un móvil
       *[other] { $count } móviles
    }
console-people-seen = { $count ->
        [0] sincronizó hoy
        [one] sincronizó ayer
       *[other] sincronizó hace { $count } días
    }
console-people-new = Alguien nuevo
console-people-name = Nombre
console-people-name-wrong = Escribe un nombre, de { $count } caracteres como mucho.
console-people-add = Añadir
console-people-change = Datos y permisos
console-people-last = Es la única persona que administra: nombra antes a otra.
console-people-leave = Dejar de trabajar aquí
console-people-leave-hint = Se cierran sus sesiones y se dan de baja sus móviles, que entregan lo que tengan sin enviar. Lo que escribió se conserva.
console-people-leave-action = Ya no trabaja aquí
console-territories = Zonas
console-territory-new = Zona nueva
console-territory-add = Añadir zona
console-territory-rename = Cambiar el nombre
console-territory-taken = Ya hay una zona con ese nombre.
console-phones = Móviles
console-phones-hint = Dar de baja: no se le sirve nada más y entrega lo pendiente. Vaciar: además borra todo, también lo que no haya enviado.
console-phones-none = Ningún móvil todavía: vincula uno con un código.
console-phones-since = vinculado el { $when }
console-phones-salvage = Dar de baja
console-phones-wipe = Vaciar
console-phones-revoked = dado de baja
console-phones-wiped = vaciado
console-codes = Códigos de un solo uso
console-codes-hint = Valen quince minutos y se muestran una vez.
console-codes-login = Código de acceso a la consola
console-code-phone = Escanea este código con la aplicación en el móvil que se vincula.
console-code-login = Con este enlace se entra una vez a la consola; después se puede poner una contraseña.
console-code-qr = Código QR
console-code-until = Vale hasta el { $when }.
console-done-added = Añadido.
console-done-changed = Guardado.
console-done-revoked = El móvil está dado de baja.
console-done-wiped = El móvil se vaciará en cuanto se conecte.
console-done-left = Ya no trabaja aquí: sus sesiones y móviles se han dado de baja.
console-done-territory = Las zonas están guardadas.

## La consola: trabajo

console-work = Trabajo
console-work-visits = Visitas
console-work-orders = Pedidos
console-work-notices = Avisos
console-work-by = Por
console-work-total = Todo
console-work-nobody = Sin comercial
console-work-weeks = Semanas
console-work-before = ‹ Anterior
console-work-after = Siguiente ›
console-work-this_week = Esta semana
console-work-today = hoy
console-work-days = Del { $from } al { $to }
console-work-week-hint = Visitas hechas / previstas. Elige un día para ver cada visita.
console-work-day = Visitas del { $weekday }, { $day }
console-work-day-none = Ese día no hay visitas previstas ni hechas.
console-work-stands_in = sustituye a { $person }
console-work-otherwise = contacto sin visita
console-work-missed = sin hacer
console-work-moved = pasa al { $day }
console-work-off-holiday = festivo
console-work-off-shut = cliente cerrado
console-work-off-away = ausente sin sustitución
console-work-overdue = Visitas atrasadas
    .advice = Hace más tiempo del acordado que nadie los visita; primero, los que más.
console-work-overdue-none = Todos están visitados a su tiempo.
console-work-since = { $count ->
        [one] visitado ayer
       *[other] visitado hace { $count } días
    }
console-work-never = { $count ->
        [one] sin visitar desde que se dio de alta, ayer
       *[other] sin visitar desde que se dio de alta, hace { $count } días
    }
console-work-within = { $count ->
        [one] cada día
       *[other] toca cada { $count } días
    }
console-work-classes = Rutero según las clases ABC
console-work-classes-hint = A cada cliente, tantas visitas como pide su clase. Lo que se haya puesto a mano no cambia.
console-work-classes-show = Ver qué cambiaría
console-work-classes-told = Reglas nuevas o distintas: { $rules }. Se quitan: { $gone }. Siguen igual: { $unchanged }.
console-work-classes-accept = Aplicarlo al rutero
console-work-absences = Ausencias y sustituciones
    .advice = Las visitas de quien no está pasan a quien sustituye; sin sustitución, no cuentan como atrasadas.
console-work-absences-none = No hay ausencias previstas.
console-work-absent = Quién no está
console-work-absent-new = Nueva ausencia
console-work-absent-from = Primer día
console-work-absent-to = Último día
console-work-absent-why = Motivo
console-work-absent-end = Quitar
console-work-choose = Elige a alguien
console-work-unsaid = Sin decir
console-work-no_cover = Nadie
console-work-covers = sustituye { $person }
console-work-uncovered = sin sustitución
console-work-by_themselves = lo anotó en su móvil
console-work-from = desde el { $day }
console-work-until = hasta el { $day }
console-work-notices-none = Ningún aviso en vigor.
console-work-notices-read = Leído por { $read } de { $count }
console-work-notices-unread = Sin leer
console-work-notices-done = Leído
console-work-notices-must = lectura obligada
console-work-notices-must-hint = Se muestra lo primero hasta que se lea
console-work-notices-new = Nuevo aviso
console-work-notices-title = Título
console-work-notices-text = Texto
console-work-notices-whom = Para
console-work-notices-from = Desde (opcional)
console-work-notices-until = Hasta (opcional)
console-work-notices-publish = Publicar
console-work-notices-withdraw = Retirar
console-done-notice = El aviso está publicado: llega a los móviles cuando sincronicen.
console-done-notice_withdrawn = El aviso está retirado.
console-done-absence = La ausencia está guardada.
console-done-absence_ended = La ausencia está quitada.
console-done-classes = El rutero está escrito: llega a los móviles cuando sincronicen.

## La consola: pedidos

console-orders-stages = Estados
console-orders-all = Todos
console-orders-none = Ningún pedido aquí.
console-orders-order = Pedido
console-orders-of = Pedido de { $name }
console-orders-received = Recibido
console-orders-deliver = Entregar
console-orders-ref = Número del cliente
console-orders-number = Número en el ERP
console-orders-invoice = Factura
console-orders-article = Referencia
console-orders-quantity = Cantidad
console-orders-price = Precio
console-orders-net = Importe
console-orders-total = Total con impuestos:
console-orders-lines = { $count ->
        [one] Una línea
       *[other] { $count } líneas
    }
console-orders-unread = No hay líneas que mostrar: se anuló, o lo escribió una aplicación más nueva.
console-orders-answer = Responder a mano
console-orders-answer-hint = Solo si ningún programa recoge los pedidos: la respuesta es una, y llega al comercial.
console-orders-register = Registrado con este número
console-orders-reason = Motivo para no aceptarlo
console-orders-reason-hint = Lo lee el comercial en su móvil.
console-orders-decline = No aceptar
console-orders-number-wrong = Escribe el número que tiene en el ERP, en una línea corta.
console-orders-reason-wrong = Escribe el motivo en pocas palabras.
console-done-registered = El pedido está registrado.
console-done-declined = El pedido no se acepta: el comercial lee el motivo.
console-done-order_answered = Ya estaba respondido: esto es lo que se dijo.

## La consola: datos de una persona

console-privacy = Protección de datos
console-disclosure = Todo lo que hay sobre una persona
console-disclosure-hint = Un archivo con todos sus datos, para quien ejerce su derecho de acceso. Queda anotado quién lo pidió. Elige el cliente o uno de sus contactos.
console-erase = Borrar para siempre
console-erase-hint = Se borra cada byte del cliente y nadie puede recuperarlo. Para dejar de trabajar con él basta con la baja.
console-erase-goes = Lo que se borra
console-erase-stays = Lo que no
console-erase-changes = { $count ->
        [one] Un cambio de su ficha
       *[other] { $count } cambios de su ficha
    }
console-erase-refused = { $count ->
        [one] Un cambio rechazado
       *[other] { $count } cambios rechazados
    }
console-erase-imports = { $count ->
        [one] Una importación sin terminar, que habrá que repetir
       *[other] { $count } importaciones sin terminar, que habrá que repetir
    }
console-erase-reports = { $count ->
        [one] Un informe de importación guardado
       *[other] { $count } informes de importación guardados
    }
console-erase-aliases = { $count ->
        [one] Una ficha unificada en esta vuelve a ir por su cuenta
       *[other] { $count } fichas unificadas en esta vuelven a ir por su cuenta
    }
console-erase-proposals = { $count ->
        [one] Una propuesta de otro cliente lo nombra, y se queda
       *[other] { $count } propuestas de otros clientes lo nombran, y se quedan
    }
console-erase-reason = Motivo
console-erase-reason-none = Elige un motivo
console-erase-reason-wrong = Elige por qué se borra: queda anotado.
console-erase-reason-request = Lo pide la persona
console-erase-reason-retention = Ya no hay motivo para conservarlo
console-erase-reason-mistake = Nunca debió estar aquí
console-erase-type = Para confirmar
console-erase-type-hint = Escribe BORRAR, en mayúsculas.
console-erase-word = BORRAR
console-erase-action = Borrar para siempre
console-done-erased = El cliente está borrado para siempre.
console-done-erased_later = El cliente está borrado; el espacio que ocupaba se sobrescribe en unos minutos.

## La consola: ajustes

console-settings = Ajustes
console-settings-phones = Móviles
console-settings-orders = Pedidos y fichas
console-settings-visits = Visitas
console-settings-figures = Cifras
console-settings-cross_sell = Venta cruzada
console-settings-refit = Cuándo se recalcula
console-settings-default = Lo habitual
console-settings-wrong = No se ha guardado nada: revisa «{ $setting }».
console-settings-number = Un número entero de { $min } a { $max }.
console-settings-perhaps = Un número entero de { $min } a { $max }, o nada.
console-settings-word = Elige una de las opciones.
console-settings-fields = Campos separados por espacios: { $fields }.
console-done-settings = Los ajustes están guardados.
setting-offline_days = Días sin conexión antes de bloquearse
    .about = El móvil se bloquea sin borrar nada hasta que sincronice. 0: nunca. Si no se dice, 30.
setting-write_after_leave_days = Días para enviar lo pendiente de un cliente traspasado
    .about = Quien deja de llevarlo aún puede enviar lo que escribió antes. Si no se dice, 90.
setting-sales_months = Meses de ventas con sus líneas en el móvil
    .about = Lo anterior queda en totales por mes. Si no se dice, 15.
setting-rep_discount_percent = Descuento que puede hacer un comercial (%)
    .about = Lo que pase de ahí se marca en el pedido; nunca se rechaza. Vacío: sin límite propio.
setting-erp_fields = Campos que son del ERP
    .about = Si un comercial los cambia, es una petición y no un cambio. Por ejemplo: payment_terms.
setting-visit_days_a = Días entre visitas, clase A
    .about = Pasados esos días sin visita, está atrasado. Si no se dice, 15.
setting-visit_days_b = Días entre visitas, clase B
    .about = Si no se dice, 30.
setting-visit_days_c = Días entre visitas, clase C
    .about = Si no se dice, 60.
setting-visit_weeks_a = Rutero: cada cuántas semanas, clase A
    .about = Para el rutero según las clases. 0: ninguna visita. Si no se dice, 1.
setting-visit_weeks_b = Rutero: cada cuántas semanas, clase B
    .about = Si no se dice, 2.
setting-visit_weeks_c = Rutero: cada cuántas semanas, clase C
    .about = Si no se dice, 4.
setting-align_easter = Comparar Semana Santa con Semana Santa
    .about = 1: sí. 0: se comparan las mismas semanas del año. Si no se dice, 1.
setting-sales_source = De dónde salen las cifras
    .about = Las facturas de la oficina o, si no llegan, los pedidos de los comerciales.
setting-sales_source-office = Facturas de la oficina
setting-sales_source-purchases = Pedidos de los comerciales
setting-history_start = Primer día de ventas completas
    .about = Lo anterior no cuenta como historia. Si no se dice, el primero del que hay ventas.
setting-status_rule = Cuándo un cliente está dormido
    .about = Según el ritmo de cada uno, o a los 90 días dormido y a los 180 perdido, para todos.
setting-status_rule-rhythm = Según su ritmo de compra
setting-status_rule-fixed = Con plazos iguales para todos
setting-retention_months = Meses de la ventana de retención
    .about = Si no se dice, 12.
setting-value_months = Meses que miran las clases ABC y los segmentos
    .about = 0: toda la historia. Si no se dice, 12.
setting-discount_basis_points = Lo que cuesta esperar un mes al dinero (centésimas de %)
    .about = 100 es un 1 % al mes. Si no se dice, 100.
setting-nps_answers_min = Respuestas mínimas para dar un porcentaje
    .about = Con menos, la cifra no se da. Si no se dice, 30.
setting-cross_sell_clients_min = Clientes mínimos de una regla
    .about = Cuántos tienen que comprar las dos cosas para proponerla. Si no se dice, 5.
setting-cross_sell_support_percent = Peso mínimo de una regla (%)
    .about = Qué parte de los clientes tiene que cumplirla. Si no se dice, 2.
setting-cross_sell_lift_percent = Fuerza mínima de una regla (%)
    .about = 100 es lo que haría el azar. Si no se dice, 120.
setting-refit_share_percent = Cambios que hacen recalcular (%)
    .about = Qué parte de los clientes tiene ventas nuevas. Si no se dice, 5.
setting-refit_hours = Horas mínimas entre cálculos
    .about = Si no se dice, 24.

## La consola: ayuda

console-help = Ayuda
console-help-lessons = Lecciones
console-help-count = Has hecho { $done } de { $count }
console-help-find = Buscar
console-help-none = Nada dice eso: prueba con otra palabra.
console-help-open = Abrir la página
console-help-mark = Marcar como hecha
console-help-is_done = hecha
console-help-done = Hecha el { $day }
console-help-next = Sigue con:
console-help-about = Para entender esta página:

## La consola: datos

console-data = Datos
console-exports = Exportar
console-exports-hint = Lo mismo que reciben Excel, Power BI y el ERP. Queda anotado quién exporta qué.
console-feeds = Lo que llega de la oficina
    .advice = Cuándo llegó cada cosa por última vez.
console-feeds-records = { $count ->
        [one] un registro
       *[other] { $count } registros
    }
console-tokens = Claves para programas
    .advice = Cada programa con la suya: se le puede quitar sin tocar las demás.
console-tokens-new = Clave nueva
console-tokens-name = Para qué programa
console-tokens-name-hint = Por ejemplo: Power BI de dirección.
console-tokens-scopes = Qué puede hacer
console-tokens-scopes-wrong = Elige al menos una cosa, y de 1 a 1095 días.
console-tokens-days = Días que vale
console-tokens-make = Crear la clave
console-tokens-made = Clave nueva
console-tokens-once = Cópiala ahora: no se vuelve a mostrar.
console-tokens-try = Para probarla:
console-tokens-unused = sin usar todavía
console-tokens-used = usada el { $when }
console-tokens-revoke = Anular
console-tokens-ended = ya no vale
console-scope-export = Leer exportaciones y cifras
console-scope-office_write = Enviar datos e importaciones
console-scope-orders = Recoger pedidos
console-scope-metrics = Leer las medidas del servidor
console-backups = Copias de seguridad
    .advice = Cifradas: solo la clave de recuperación las abre. Para volver a una: cartera-relay restore, que antes dice qué hará.
console-backups-none = No se hacen copias: arranca el servidor con --backup-dir.
console-backups-failed = El último trabajo con copias falló ({ $code }): mira el registro del servidor.
console-backups-kb = { $count } KB
console-backups-checked = comprobada el { $when }
console-backups-sound = buena
console-backups-damaged = dañada
console-backups-verify = Comprobar
console-backups-make = Hacer una copia ahora
console-audit = Quién hizo qué
console-audit-caption = Lo hecho, lo último primero
console-done-token_revoked = La clave ya no vale.
console-done-backup_begun = La copia está en marcha.
console-done-backup_check = Se está comprobando la copia.
console-done-backup_busy = Ya hay un trabajo con copias en marcha.
