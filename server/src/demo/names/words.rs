//! What generated clients are named after: common words, given names, surnames, streets and towns.

/// Kinds of establishment that sell or play music: the word on the sign, and the client's kind.
pub(super) const KINDS: [(&str, &str); 24] = [
    ("Discos", "tienda de discos"),
    ("Música", "tienda de discos"),
    ("Vinilos", "tienda de discos"),
    ("Librería", "librería"),
    ("Papelería", "papelería"),
    ("Quiosco", "quiosco"),
    ("Bazar", "bazar"),
    ("Regalos", "regalos"),
    ("Electrodomésticos", "electrodomésticos"),
    ("Hiperhogar", "gran superficie"),
    ("Bar", "bar"),
    ("Café", "cafetería"),
    ("Cafetería", "cafetería"),
    ("Pub", "pub"),
    ("Taberna", "bar"),
    ("Restaurante", "restaurante"),
    ("Mesón", "restaurante"),
    ("Hotel", "hotel"),
    ("Hostal", "hotel"),
    ("Gimnasio", "gimnasio"),
    ("Academia de Baile", "academia"),
    ("Escuela de Música", "academia"),
    ("Sala", "sala de conciertos"),
    ("Radio", "emisora"),
];

pub(super) const WORDS: [&str; 120] = [
    "La Alameda", "El Faro", "La Palmera", "Los Arcos", "El Molino", "La Plaza", "El Puente", "La Estación",
    "El Mirador", "La Fuente", "El Olivar", "La Encina", "El Rincón", "La Marina", "El Castillo", "La Muralla",
    "El Parque", "La Rambla", "El Puerto", "La Torre", "Los Naranjos", "El Almendro", "La Vega", "El Romero",
    "La Ribera", "El Jardín", "La Posada", "El Refugio", "La Campana", "El Duende", "La Parra", "El Patio",
    "La Bodega", "El Pozo", "La Noria", "El Cruce", "La Ermita", "El Camino", "La Dehesa", "El Roble",
    "La Cigüeña", "El Lince", "La Golondrina", "El Jilguero", "La Gaviota", "El Delfín", "La Sirena", "El Ancla",
    "La Caracola", "El Timón", "La Brújula", "El Velero", "La Bahía", "El Cabo", "La Cala", "El Arenal",
    "La Duna", "El Oasis", "La Luna", "El Sol", "La Estrella", "El Lucero", "La Aurora", "El Ocaso",
    "La Primavera", "El Verano", "La Nube", "El Trueno", "La Brisa", "El Cierzo", "La Tramontana", "El Levante",
    "La Esquina", "El Callejón", "La Glorieta", "El Mercado", "La Lonja", "El Arco Iris", "La Paloma", "El Halcón",
    "La Rosa", "El Clavel", "La Violeta", "El Jazmín", "La Azucena", "El Nogal", "La Higuera", "El Cerezo",
    "La Guitarra", "El Tambor", "La Flauta", "El Acordeón", "La Copla", "El Compás", "La Sardana", "El Fandango",
    "La Jota", "El Pasodoble", "La Habanera", "El Bolero", "La Rumba", "El Tango", "La Zarzuela", "El Fado",
    "La Partitura", "El Estribillo", "La Melodía", "El Ritmo", "La Clave de Sol", "El Bemol", "La Corchea", "El Silencio",
    "La Memoria", "El Recuerdo", "La Esperanza", "El Porvenir", "La Amistad", "El Encuentro", "La Tertulia", "El Trébol",
];

pub(super) const SURNAMES: [&str; 100] = [
    "García", "Fernández", "González", "Rodríguez", "López", "Martínez", "Sánchez", "Pérez", "Gómez", "Martín",
    "Jiménez", "Ruiz", "Hernández", "Díaz", "Moreno", "Álvarez", "Muñoz", "Romero", "Alonso", "Gutiérrez",
    "Navarro", "Torres", "Domínguez", "Vázquez", "Ramos", "Gil", "Ramírez", "Serrano", "Blanco", "Suárez",
    "Molina", "Morales", "Ortega", "Delgado", "Castro", "Ortiz", "Rubio", "Marín", "Sanz", "Núñez",
    "Iglesias", "Medina", "Garrido", "Santos", "Castillo", "Cortés", "Lozano", "Guerrero", "Cano", "Prieto",
    "Méndez", "Calvo", "Cruz", "Gallego", "Vidal", "León", "Herrera", "Márquez", "Peña", "Cabrera",
    "Flores", "Campos", "Vega", "Diez", "Fuentes", "Carrasco", "Caballero", "Nieto", "Reyes", "Aguilar",
    "Pascual", "Herrero", "Santana", "Lorenzo", "Hidalgo", "Montero", "Ibáñez", "Giménez", "Ferrer", "Durán",
    "Vicente", "Benítez", "Mora", "Santiago", "Arias", "Vargas", "Carmona", "Crespo", "Román", "Pastor",
    "Soto", "Sáez", "Velasco", "Soler", "Moya", "Esteban", "Parra", "Bravo", "Gallardo", "Rojas",
];

pub(super) const GIVEN_NAMES: [&str; 60] = [
    "María", "Carmen", "Ana", "Isabel", "Laura", "Cristina", "Marta", "Lucía", "Elena", "Pilar",
    "Rosa", "Sara", "Paula", "Teresa", "Raquel", "Beatriz", "Silvia", "Julia", "Irene", "Montserrat",
    "Nuria", "Rocío", "Mercedes", "Inés", "Alba", "Sonia", "Gloria", "Amparo", "Begoña", "Olga",
    "Antonio", "José", "Manuel", "Francisco", "David", "Juan", "Javier", "Daniel", "Carlos", "Jesús",
    "Alejandro", "Miguel", "Rafael", "Pedro", "Pablo", "Ángel", "Sergio", "Fernando", "Luis", "Jorge",
    "Alberto", "Álvaro", "Diego", "Adrián", "Raúl", "Enrique", "Ramón", "Vicente", "Andrés", "Iñaki",
];

pub(super) const STREETS: [&str; 60] = [
    "Calle Mayor", "Calle Real", "Plaza Mayor", "Calle Nueva", "Calle del Sol", "Calle de la Iglesia",
    "Plaza de España", "Avenida de la Constitución", "Calle San Juan", "Calle San José", "Calle Santa María",
    "Calle del Carmen", "Paseo de la Estación", "Avenida de Andalucía", "Avenida de Europa", "Calle Cervantes",
    "Calle Goya", "Calle Velázquez", "Calle Lope de Vega", "Calle Quevedo", "Calle Miguel Hernández",
    "Calle Antonio Machado", "Calle Rosalía de Castro", "Calle Federico García Lorca", "Calle Manuel de Falla",
    "Calle Isaac Albéniz", "Calle Enrique Granados", "Calle Joaquín Rodrigo", "Calle Pau Casals", "Ronda Norte",
    "Ronda Sur", "Calle del Río", "Calle del Puente", "Calle de la Fuente", "Calle del Molino", "Calle de la Cruz",
    "Calle Ancha", "Calle Larga", "Calle Alta", "Calle Baja", "Calle de los Olivos", "Calle de las Flores",
    "Calle de la Rosa", "Calle del Prado", "Calle de la Huerta", "Paseo Marítimo", "Paseo del Parque",
    "Avenida de los Deportes", "Avenida de la Libertad", "Avenida de la Paz", "Calle Colón", "Calle Pizarro",
    "Calle Magallanes", "Calle Elcano", "Calle Ramón y Cajal", "Calle Severo Ochoa", "Calle Clara Campoamor",
    "Calle María Zambrano", "Calle Concepción Arenal", "Calle del Mercado",
];

/// A town: its name, province, a postal code of its centre, and about where it lies (degrees).
pub(super) struct Town {
    pub(super) name: &'static str,
    pub(super) province: &'static str,
    pub(super) postal_code: &'static str,
    pub(super) latitude: f64,
    pub(super) longitude: f64,
    /// How many of the territory's clients are here, in proportion.
    pub(super) weight: u32,
}

const fn town(
    name: &'static str,
    province: &'static str,
    postal_code: &'static str,
    latitude: f64,
    longitude: f64,
    weight: u32,
) -> Town {
    Town { name, province, postal_code, latitude, longitude, weight }
}

pub(super) const CENTRE: [Town; 20] = [
    town("Madrid", "Madrid", "28004", 40.417, -3.703, 30),
    town("Alcalá de Henares", "Madrid", "28801", 40.482, -3.364, 5),
    town("Getafe", "Madrid", "28901", 40.305, -3.731, 5),
    town("Móstoles", "Madrid", "28931", 40.322, -3.865, 5),
    town("Toledo", "Toledo", "45001", 39.857, -4.024, 3),
    town("Talavera de la Reina", "Toledo", "45600", 39.960, -4.831, 2),
    town("Guadalajara", "Guadalajara", "19001", 40.633, -3.166, 2),
    town("Cuenca", "Cuenca", "16001", 40.070, -2.137, 2),
    town("Segovia", "Segovia", "40001", 40.948, -4.118, 2),
    town("Ávila", "Ávila", "05001", 40.657, -4.700, 2),
    town("Valladolid", "Valladolid", "47001", 41.652, -4.728, 6),
    town("Salamanca", "Salamanca", "37001", 40.965, -5.664, 4),
    town("León", "León", "24001", 42.599, -5.567, 3),
    town("Burgos", "Burgos", "09001", 42.344, -3.697, 4),
    town("Bilbao", "Bizkaia", "48001", 43.263, -2.935, 8),
    town("Santander", "Cantabria", "39001", 43.462, -3.810, 4),
    town("Oviedo", "Asturias", "33001", 43.362, -5.849, 4),
    town("Gijón", "Asturias", "33201", 43.541, -5.661, 4),
    town("A Coruña", "A Coruña", "15001", 43.371, -8.396, 5),
    town("Vigo", "Pontevedra", "36201", 42.240, -8.720, 5),
];

pub(super) const EAST: [Town; 20] = [
    town("Barcelona", "Barcelona", "08002", 41.383, 2.177, 30),
    town("L'Hospitalet de Llobregat", "Barcelona", "08901", 41.360, 2.100, 5),
    town("Badalona", "Barcelona", "08911", 41.450, 2.247, 4),
    town("Terrassa", "Barcelona", "08221", 41.561, 2.008, 4),
    town("Sabadell", "Barcelona", "08201", 41.548, 2.107, 4),
    town("Girona", "Girona", "17001", 41.983, 2.824, 3),
    town("Lleida", "Lleida", "25001", 41.614, 0.626, 3),
    town("Tarragona", "Tarragona", "43001", 41.119, 1.245, 3),
    town("Reus", "Tarragona", "43201", 41.155, 1.107, 3),
    town("Zaragoza", "Zaragoza", "50001", 41.652, -0.881, 10),
    town("Huesca", "Huesca", "22001", 42.140, -0.409, 2),
    town("Teruel", "Teruel", "44001", 40.345, -1.106, 1),
    town("Castelló de la Plana", "Castellón", "12001", 39.986, -0.037, 3),
    town("València", "Valencia", "46001", 39.470, -0.376, 15),
    town("Gandia", "Valencia", "46701", 38.967, -0.181, 2),
    town("Alacant", "Alicante", "03001", 38.345, -0.481, 6),
    town("Elx", "Alicante", "03201", 38.267, -0.698, 4),
    town("Palma", "Illes Balears", "07001", 39.570, 2.650, 6),
    town("Pamplona", "Navarra", "31001", 42.817, -1.643, 4),
    town("Logroño", "La Rioja", "26001", 42.466, -2.445, 3),
];

pub(super) const SOUTH: [Town; 20] = [
    town("Sevilla", "Sevilla", "41001", 37.389, -5.995, 20),
    town("Dos Hermanas", "Sevilla", "41701", 37.284, -5.923, 3),
    town("Málaga", "Málaga", "29001", 36.720, -4.420, 14),
    town("Marbella", "Málaga", "29601", 36.510, -4.886, 4),
    town("Antequera", "Málaga", "29200", 37.019, -4.560, 1),
    town("Granada", "Granada", "18001", 37.177, -3.599, 8),
    town("Motril", "Granada", "18600", 36.745, -3.518, 1),
    town("Córdoba", "Córdoba", "14001", 37.888, -4.779, 7),
    town("Jaén", "Jaén", "23001", 37.769, -3.790, 3),
    town("Linares", "Jaén", "23700", 38.095, -3.636, 1),
    town("Almería", "Almería", "04001", 36.840, -2.463, 4),
    town("Cádiz", "Cádiz", "11001", 36.530, -6.293, 3),
    town("Jerez de la Frontera", "Cádiz", "11401", 36.686, -6.137, 4),
    town("Algeciras", "Cádiz", "11201", 36.131, -5.447, 2),
    town("Huelva", "Huelva", "21001", 37.261, -6.945, 3),
    town("Badajoz", "Badajoz", "06001", 38.879, -6.970, 3),
    town("Cáceres", "Cáceres", "10001", 39.475, -6.372, 2),
    town("Murcia", "Murcia", "30001", 37.984, -1.130, 9),
    town("Cartagena", "Murcia", "30201", 37.605, -0.986, 4),
    town("Albacete", "Albacete", "02001", 38.995, -1.856, 4),
];

/// Families of the catalogue: prefix of the article's code, name, price of a disc in cents.
pub(super) const FAMILIES: [(&str, &str, i64); 10] = [
    ("CLA", "Clásica", 1499),
    ("FLA", "Flamenco", 1399),
    ("JAZ", "Jazz", 1599),
    ("POP", "Pop", 1299),
    ("ROC", "Rock", 1349),
    ("LAT", "Latina", 1249),
    ("CAN", "Canción de autor", 1299),
    ("INF", "Infantil", 899),
    ("BSO", "Bandas sonoras", 1549),
    ("REC", "Recopilatorios", 1999),
];

pub(super) const ROLES: [&str; 6] =
    ["propietaria o propietario", "compras", "encargada o encargado", "gerencia", "administración", "dependienta o dependiente"];
